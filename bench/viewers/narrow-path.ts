import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** What waits longer than this is dropped, as by a router. */
const MOST_QUEUED_MS = 250;
const HEADER_BYTES = 28;

/** A path of a given rate between a viewer and its server: a relay that the server's answer is made to lead to. */
export class NarrowPath {
  private readonly rateBps: number;
  private readonly near: Socket;
  private viewerPort = 0;
  private freeAtMs = 0;

  private constructor(near: Socket, far: Socket, rateBps: number, serverPort: number) {
    this.near = near;
    this.rateBps = rateBps;
    near.on("message", (datagram, { port }) => {
      this.viewerPort = port;
      far.send(datagram, serverPort, "127.0.0.1");
    });
    far.on("message", (datagram) => this.carry(datagram));
  }

  /** Opens a path of `rateBps` to the server that an answer names. Returns the answer that leads through it. */
  static async before(answerSdp: string, rateBps: number): Promise<string> {
    const [, serverPort] = /^a=candidate:\S+ 1 UDP \d+ \S+ (\d+) typ host/im.exec(answerSdp) ?? [];
    if (serverPort === undefined) throw new Error("the answer names no address");
    const [near, far] = [await bound(), await bound()];
    new NarrowPath(near, far, rateBps, Number(serverPort));
    const { port } = near.address() as AddressInfo;
    const candidate = `a=candidate:1 1 UDP 2122317823 127.0.0.1 ${port} typ host`;
    const others = answerSdp.split("\r\n").filter((line) => !line.startsWith("a=candidate:"));
    return others.flatMap((line) => (line.startsWith("a=ice-ufrag:") ? [line, candidate] : [line])).join("\r\n");
  }

  private carry(datagram: Buffer): void {
    const nowMs = performance.now();
    const leavesAtMs = Math.max(nowMs, this.freeAtMs) + ((datagram.length + HEADER_BYTES) * 8_000) / this.rateBps;
    if (leavesAtMs - nowMs > MOST_QUEUED_MS) return;
    this.freeAtMs = leavesAtMs;
    setTimeout(() => this.near.send(datagram, this.viewerPort, "127.0.0.1"), leavesAtMs - nowMs);
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}
