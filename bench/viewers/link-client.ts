/** A process of viewers of a link, started by ../joins.ts and ../slow-viewer.ts: each notes when its frames come. */

import { randomInt } from "node:crypto";
import { now } from "#internal/clock/index.js";
import { type ReceivedFrame, type ReceivedVideo, type ReceiverEvent, RtpReceiver } from "#internal/core/index.js";
import { Driver, WebRtcReceiver } from "#internal/transport/index.js";
import { NarrowPath } from "./narrow-path.js";

/** What the parent asks. Every request is answered by one message with its `id`. */
export type LinkClientRequest =
  /** Opens the stream at a WHEP endpoint; answered with `{ viewer }` once connected. `rateBps`: by a path of this rate. */
  | { readonly id: number; readonly kind: "join"; readonly endpoint: string; readonly rateBps?: number }
  | { readonly id: number; readonly kind: "leave"; readonly viewer: number }
  /** Answered by `{ viewers }`: what came since the last time. */
  | { readonly id: number; readonly kind: "arrivals" };

/** One frame that came. */
export interface Arrival {
  /** When it was whole, in ms since the epoch. */
  readonly atMs: number;
  /** How long ago it was captured, in ms. */
  readonly ageMs: number;
  readonly keyframe: boolean;
  readonly bytes: number;
}

class Viewer {
  arrivals: Arrival[] = [];
  private readonly connection: WebRtcReceiver;
  private readonly driver;

  constructor(connection: WebRtcReceiver, { payloadTypes, extensions }: ReceivedVideo) {
    this.connection = connection;
    const rng = { uint32: () => randomInt(2 ** 32) };
    const receiver = new RtpReceiver({ rng, ssrc: rng.uint32(), cname: "bench", payloadTypes, extensions });
    this.driver = new Driver(receiver, {
      transmit: ({ datagram }: { datagram: Uint8Array }) => connection.send(datagram),
      event: (event: ReceiverEvent) => {
        if (event.kind === "frame") this.note(event.frame);
      },
    });
  }

  receive(datagram: Uint8Array): void {
    this.driver.input({ kind: "datagram", datagram, remote: "server", arrival: now() });
  }

  async leave(): Promise<void> {
    this.driver.stop();
    await this.connection.close();
  }

  private note({ keyframe, captureTime, data }: ReceivedFrame): void {
    const at = now();
    this.arrivals.push({ atMs: at / 1_000, ageMs: (at - captureTime) / 1_000, keyframe, bytes: data.length });
  }
}

const viewers: Viewer[] = [];

async function join(endpoint: string, rateBps: number | undefined): Promise<object> {
  const connection = await WebRtcReceiver.offer({ chroma: ["444", "420"] });
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/sdp" },
    body: connection.offerSdp,
  });
  const answer = await response.text();
  await connection.accept(rateBps === undefined ? answer : await NarrowPath.before(answer, rateBps));
  const viewer = new Viewer(connection, connection.media!);
  viewers.push(viewer);
  await new Promise<void>((connected) => {
    connection.listen({ datagram: (datagram) => viewer.receive(datagram), connected });
  });
  return { viewer: viewers.length - 1 };
}

async function handle(request: LinkClientRequest): Promise<object> {
  switch (request.kind) {
    case "join":
      return join(request.endpoint, request.rateBps);
    case "leave":
      await viewers[request.viewer]?.leave();
      return {};
    case "arrivals":
      return { viewers: viewers.map((viewer) => viewer.arrivals.splice(0)) };
  }
}

process.on("message", async (request: LinkClientRequest) => {
  process.send?.({ id: request.id, ...(await handle(request)) });
});
process.on("disconnect", () => process.exit());
