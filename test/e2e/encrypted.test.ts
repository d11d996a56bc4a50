import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.js";
import { startSightline } from "../support/sightline.js";

const KEY = "four random words";
const UNSEEN = ["--no-window", "--frames", "/dev/null"];

/** What a person who has the key types; the environment hides it from other users. */
const withKey = (key: string) => ({ env: { SIGHTLINE_KEY: key } });

describe("an encrypted share", () => {
  it("is shown to those who have the key, and the others are told why not", async () => {
    const port = await freePort();
    const share = startSightline("share", ["test", "--to", `127.0.0.1:${port}`], withKey(KEY));
    const { targets } = await share.event("started");
    expect(targets).toMatchObject([{ encrypted: true }]);

    const keyless = startSightline("watch", [`:${port}`, ...UNSEEN]);
    expect(await keyless.event("stream-refused")).toMatchObject({ reason: "no-key" });
    await keyless.interrupt();

    const mistaken = startSightline("watch", [`:${port}`, ...UNSEEN], withKey("four other words"));
    expect(await mistaken.event("stream-refused")).toMatchObject({ reason: "wrong-key" });
    expect(mistaken.events.map(({ kind }) => kind)).not.toContain("stream-started");
    await mistaken.interrupt();

    const watch = startSightline("watch", [`:${port}`, ...UNSEEN], withKey(KEY));
    await watch.event("first-picture");
    await share.event("receiver-appeared");
    await watch.event("statistics", ({ roundTripMs }) => roundTripMs !== undefined);
    await share.interrupt();
    await watch.event("stream-ended");
  });

  it("with a key, what is not encrypted is not shown", async () => {
    const port = await freePort();
    startSightline("share", ["test", "--to", `127.0.0.1:${port}`]);
    const watch = startSightline("watch", [`:${port}`, ...UNSEEN], withKey(KEY));
    expect(await watch.event("stream-refused")).toMatchObject({ reason: "not-encrypted" });
    expect(watch.events.map(({ kind }) => kind)).not.toContain("stream-started");
  });

  it("goes on when both ends get other addresses", async () => {
    const viewerPort = await freePort();
    const relay = await MovingRelay.open(viewerPort);
    const share = startSightline("share", ["test", "--to", `127.0.0.1:${relay.port}`], withKey(KEY));
    const watch = startSightline("watch", [`:${viewerPort}`, ...UNSEEN], withKey(KEY));
    await watch.event("first-picture");
    await share.event("receiver-appeared");

    await relay.move();
    watch.forget();
    // Media goes out by the new addresses only once the answers have come in by them.
    await watch.event("statistics");
    const { framesReceived } = await watch.event("statistics");
    await watch.event("statistics", (later) => later.framesReceived > framesReceived + 30);
    expect(watch.events.map(({ kind }) => kind)).toEqual(watch.events.map(() => "statistics"));
    expect(share.events.map(({ kind }) => kind)).not.toContain("receiver-left");
  });
});

/** Stands between a sharer and a viewer as an address translator does; both know it by addresses that change. */
class MovingRelay {
  private readonly viewerPort: number;
  private sharerPort: number | undefined;
  private towardsSharer: Socket;
  private towardsViewer: Socket;

  private constructor(viewerPort: number, towardsSharer: Socket, towardsViewer: Socket) {
    this.viewerPort = viewerPort;
    this.towardsSharer = towardsSharer;
    this.towardsViewer = towardsViewer;
    this.connect();
  }

  static async open(viewerPort: number): Promise<MovingRelay> {
    const relay = new MovingRelay(viewerPort, await bind(), await bind());
    onTestFinished(() => relay.close());
    return relay;
  }

  /** Where the sharer sends to at first. */
  get port(): number {
    return (this.towardsSharer.address() as AddressInfo).port;
  }

  /** From now on both ends are reached from other ports, and what they send to the old ones is lost. */
  async move(): Promise<void> {
    const next = [await bind(), await bind()] as const;
    const { towardsSharer } = this;
    this.towardsViewer.close();
    [this.towardsSharer, this.towardsViewer] = next;
    this.connect();
    // The sharer hears of the new port by the viewer's answer to what still comes to the old one.
    this.towardsViewer.once("message", () => towardsSharer.close());
  }

  private connect(): void {
    const { towardsSharer, towardsViewer } = this;
    towardsSharer.on("message", (data, { port }) => {
      this.sharerPort = port;
      this.towardsViewer.send(data, this.viewerPort, "127.0.0.1");
    });
    towardsViewer.on("message", (data) => {
      if (this.sharerPort !== undefined) this.towardsSharer.send(data, this.sharerPort, "127.0.0.1");
    });
  }

  private close(): void {
    this.towardsSharer.close();
    this.towardsViewer.close();
  }
}

async function bind(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}
