/** A process of viewers, started by ../viewers.ts: each receives one stream as a real one does, feedback included. */

import { randomInt } from "node:crypto";
import { PeerConnection, Video } from "node-datachannel";
import { now } from "#internal/clock/index.js";
import { parseWebRtcDescription, type ReceivedVideo, RtpReceiver, readAnsweredVideo } from "#internal/core/index.js";
import { Driver, WebRtcReceiver } from "#internal/transport/index.js";
import { frameNumber } from "./numbered-frames.js";

/** What the parent asks. Every request is answered by one message with its `id`. */
export type ClientRequest =
  /** Makes an offer. Answered by `{ sdp }`. */
  | { readonly id: number; readonly kind: "offer" }
  /** Takes the answer to an offer; answered once connected. */
  | { readonly id: number; readonly kind: "accept"; readonly viewer: number; readonly sdp: string }
  /** Answers a server's offer by `{ sdp }`. */
  | { readonly id: number; readonly kind: "answer"; readonly sdp: string }
  /** Answered by `{ counts }`. */
  | { readonly id: number; readonly kind: "count" };

/** What one viewer has seen. */
export interface ViewerCount {
  readonly first: number;
  readonly last: number;
  readonly frames: number;
}

/** Receives and counts frames. */
class Viewer {
  readonly count = { first: -1, last: -1, frames: 0 };
  private readonly driver;

  constructor({ payloadTypes, extensions }: ReceivedVideo, send: (datagram: Uint8Array) => void) {
    const rng = { uint32: () => randomInt(2 ** 32) };
    const receiver = new RtpReceiver({ rng, ssrc: rng.uint32(), cname: "bench", payloadTypes, extensions });
    this.driver = new Driver(receiver, {
      transmit: ({ datagram }: { datagram: Uint8Array }) => send(datagram),
      event: (event: { kind: string; frame?: Parameters<typeof frameNumber>[0] }) => {
        if (event.frame === undefined) return;
        const number = frameNumber(event.frame);
        if (this.count.first < 0) this.count.first = number;
        this.count.last = number;
        this.count.frames += 1;
      },
    });
  }

  receive(datagram: Uint8Array): void {
    this.driver.input({ kind: "datagram", datagram, remote: "server", arrival: now() });
  }
}

const offering = new Map<number, WebRtcReceiver>();
const viewers: Viewer[] = [];
/** The library closes what is garbage. */
const kept: unknown[] = [];

async function offer(id: number): Promise<object> {
  const receiver = await WebRtcReceiver.offer({ chroma: ["420"] });
  offering.set(id, receiver);
  return { sdp: receiver.offerSdp };
}

async function accept(number: number, sdp: string): Promise<object> {
  const receiver = offering.get(number)!;
  await receiver.accept(sdp);
  const viewer = new Viewer(receiver.media!, (datagram) => receiver.send(datagram));
  viewers.push(viewer);
  await new Promise<void>((connected) => {
    receiver.listen({ datagram: (datagram) => viewer.receive(datagram), connected });
  });
  return {};
}

async function answer(sdp: string): Promise<object> {
  const description = parseWebRtcDescription(sdp);
  const connection = new PeerConnection("bench", { iceServers: [], disableAutoNegotiation: true });
  const video = new Video(description.sections[0]!.mid, "RecvOnly");
  for (const { payloadType } of description.sections[0]!.payloadTypes.slice(0, 1)) {
    video.addH264Codec(payloadType, "packetization-mode=1");
  }
  for (const [id, uri] of extensionLines(sdp)) video.parseSdpLine(`a=extmap:${id} ${uri}`);
  const track = connection.addTrack(video);
  kept.push(connection, track);
  const viewer = new Viewer(readAnsweredVideo(description), (datagram) => {
    if (track.isOpen()) track.sendMessageBinary(datagram as Buffer);
  });
  viewers.push(viewer);
  track.onMessage((datagram) => viewer.receive(datagram));
  const gathered = new Promise<void>((done) => {
    connection.onGatheringStateChange((state) => state === "complete" && done());
  });
  connection.setRemoteDescription(sdp, "offer");
  connection.setLocalDescription("answer");
  await gathered;
  return { sdp: connection.localDescription()!.sdp };
}

function extensionLines(sdp: string): [string, string][] {
  return [...sdp.matchAll(/^a=extmap:(\d+) (\S+)/gm)].map(([, id = "", uri = ""]) => [id, uri]);
}

function handle(request: ClientRequest): Promise<object> {
  switch (request.kind) {
    case "offer":
      return offer(request.id);
    case "accept":
      return accept(request.viewer, request.sdp);
    case "answer":
      return answer(request.sdp);
    case "count":
      return Promise.resolve({ counts: viewers.map(({ count }) => count) });
  }
}

process.on("message", async (request: ClientRequest) => {
  process.send?.({ id: request.id, ...(await handle(request)) });
});
process.on("disconnect", () => process.exit());
