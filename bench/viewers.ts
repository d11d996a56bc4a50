/**
 * What a further viewer of a link costs the sender, beside Janus (its Streaming plugin) fed the same stream. Viewers are
 * processes of their own that count every frame. Needs two cores; Janus is left out unless Debian's `janus` is installed.
 */

import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type EncodedFrame, RtpSender } from "#internal/core/index.js";
import { Driver, UdpMux, UdpSocket, WebRtcSender } from "#internal/transport/index.js";
import type { ClientRequest, ViewerCount } from "./viewers/client.js";
import { ClientProcess } from "./viewers/client-process.js";
import { isJanusInstalled, Janus } from "./viewers/janus.js";
import { numberedFrame } from "./viewers/numbered-frames.js";

const NUMBERS_OF_VIEWERS = [1, 10, 30];
const CLIENT_PROCESSES = 2;
const FPS = 30;
const BITRATE_BPS = 4e6;
const PATH_BPS = 2 * BITRATE_BPS;
const FRAME_BYTES = BITRATE_BPS / 8 / FPS;
/** So that viewers of a server that asks for none find a start. */
const KEYFRAME_INTERVAL = 15;
const WARM_UP_MS = 3_000;
const MEASURED_MS = 6_000;
const DRAIN_MS = 700;

/** Somebody who sends one stream to viewers. */
interface Server {
  readonly name: string;
  add(client: Client): Promise<void>;
  send(frame: EncodedFrame): void;
  cpuSeconds(): number;
  close(): Promise<void>;
}

/** A process of viewers. */
class Client extends ClientProcess<ClientRequest> {
  constructor() {
    super(new URL("./viewers/client.js", import.meta.url));
  }

  async offer(): Promise<{ readonly viewer: number; readonly sdp: string }> {
    const { id, sdp } = await this.ask({ kind: "offer" });
    return { viewer: id as number, sdp: sdp as string };
  }

  async accept(viewer: number, sdp: string): Promise<void> {
    await this.ask({ kind: "accept", viewer, sdp });
  }

  async answer(sdp: string): Promise<string> {
    return (await this.ask({ kind: "answer", sdp }))["sdp"] as string;
  }

  async counts(): Promise<readonly ViewerCount[]> {
    return (await this.ask({ kind: "count" }))["counts"] as ViewerCount[];
  }
}

/** Ours: each viewer has its own sender with congestion control, retransmissions and repair. */
class LinkServer implements Server {
  readonly name = "Sightline";
  private readonly mux: UdpMux;
  private readonly drivers: { input(input: { kind: "frame"; frame: EncodedFrame }): void; stop(): void }[] = [];
  private readonly senders: WebRtcSender[] = [];

  private constructor(mux: UdpMux) {
    this.mux = mux;
  }

  static async open(): Promise<LinkServer> {
    return new LinkServer(await UdpMux.open());
  }

  async add(client: Client): Promise<void> {
    const { viewer, sdp } = await client.offer();
    const media = [{ codec: "h264", chroma: "420" }] as const;
    const sender = await WebRtcSender.answer(sdp, { media, cname: "bench", port: this.mux });
    this.senders.push(sender);
    const rtp = new RtpSender({
      ...sender.media,
      cname: "bench",
      rng: { uint32: () => randomInt(2 ** 32) },
      bitrateBps: BITRATE_BPS,
      // It measures the path as always, but stays at what the stream needs: these frames do not follow its target.
      congestion: { kind: "gcc", startBitrateBps: PATH_BPS, minBitrateBps: PATH_BPS, maxBitrateBps: PATH_BPS },
    });
    const driver = new Driver(rtp, { transmit: ({ datagram }) => sender.send(datagram), event: () => {} });
    const connected = new Promise<void>((resolve) => {
      sender.listen({ datagram: (datagram) => driver.input({ kind: "datagram", datagram }), connected: resolve });
    });
    await client.accept(viewer, sender.answerSdp);
    await connected;
    this.drivers.push(driver as (typeof this.drivers)[number]);
  }

  send(frame: EncodedFrame): void {
    for (const driver of this.drivers) driver.input({ kind: "frame", frame });
  }

  cpuSeconds(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }

  async close(): Promise<void> {
    for (const driver of this.drivers) driver.stop();
    await Promise.all(this.senders.map((sender) => sender.close()));
    this.mux.close();
  }
}

/** Janus, which gets the stream once by RTP. */
class JanusServer implements Server {
  readonly name = "Janus";
  private readonly janus = new Janus();
  private readonly socket: UdpSocket;
  private readonly driver;

  private constructor(socket: UdpSocket) {
    this.socket = socket;
    const rtp = new RtpSender({
      codec: "h264",
      ssrc: 1,
      rtxSsrc: 2,
      payloadType: 96,
      extensions: {},
      cname: "bench",
      rng: { uint32: () => randomInt(2 ** 32) },
      bitrateBps: BITRATE_BPS,
      congestion: { kind: "fixed", bitrateBps: 4 * BITRATE_BPS },
    });
    this.driver = new Driver(rtp, {
      transmit: ({ datagram }: { datagram: Uint8Array }) => {
        if (datagram[1] !== 200) socket.send(datagram, `127.0.0.1:${this.janus.rtpPort}`);
      },
      event: () => {},
    });
  }

  static async open(): Promise<JanusServer> {
    const server = new JanusServer(await UdpSocket.bind({ family: 4 }));
    await server.janus.started();
    return server;
  }

  add(client: Client): Promise<void> {
    return this.janus.watch((sdp) => client.answer(sdp));
  }

  send(frame: EncodedFrame): void {
    this.driver.input({ kind: "frame", frame });
  }

  cpuSeconds(): number {
    return this.janus.cpuSeconds();
  }

  async close(): Promise<void> {
    this.driver.stop();
    this.janus.close();
    await this.socket.close();
  }
}

/** Adds viewers and prints what each further one costs. */
async function run(server: Server): Promise<void> {
  const clients = Array.from({ length: CLIENT_PROCESSES }, () => new Client());
  let number = 0;
  const timer = setInterval(() => {
    server.send(numberedFrame(number, { size: FRAME_BYTES, keyframe: number % KEYFRAME_INTERVAL === 0 }));
    number += 1;
  }, 1_000 / FPS);
  const cores: number[] = [];
  let viewers = 0;
  for (const wanted of NUMBERS_OF_VIEWERS) {
    for (; viewers < wanted; viewers++) await server.add(clients[viewers % CLIENT_PROCESSES]!);
    await pause(WARM_UP_MS);
    const [since, used] = [performance.now(), server.cpuSeconds()];
    await pause(MEASURED_MS);
    cores.push(((server.cpuSeconds() - used) * 1_000) / (performance.now() - since));
  }
  clearInterval(timer);
  await pause(DRAIN_MS);
  const counts = (await Promise.all(clients.map((client) => client.counts()))).flat();
  for (const [i, wanted] of NUMBERS_OF_VIEWERS.entries()) {
    const further = i === 0 ? cores[0]! : (cores[i]! - cores[i - 1]!) / (wanted - NUMBERS_OF_VIEWERS[i - 1]!);
    const label = `${server.name}, ${wanted} viewers of ${BITRATE_BPS / 1e6} Mb/s`;
    console.log(`${label.padEnd(40)} ${cores[i]!.toFixed(3)} cores; a further one ${further.toFixed(4)} cores`);
  }
  console.log(`${server.name}: ${lostFrames(counts, number - 1)} frames lost by ${counts.length} viewers`);
  for (const client of clients) client.close();
  await server.close();
}

/** What somebody has not seen between the first frame that it saw and the last one that was sent. */
function lostFrames(counts: readonly ViewerCount[], last: number): number {
  return counts.reduce((lost, { first, frames }) => lost + (last - first + 1 - frames), 0);
}

await run(await LinkServer.open());
if (isJanusInstalled()) await run(await JanusServer.open());
else console.log("Janus is not installed: apt-get install janus");
process.exit(); // what the library holds of a viewer that ended is no reason to stay
