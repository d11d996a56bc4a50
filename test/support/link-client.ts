import { onTestFinished } from "vitest";
import { micros } from "../../src/core/index.js";
import { RtpReception } from "../../src/pipeline/rtp-reception.js";
import type { InputStatistics } from "../../src/pipeline/stream-input.js";
import type { ViewerFrame } from "../../src/pipeline/viewer/viewer-process.js";
import { WhepClient, type WhepOptions } from "../../src/pipeline/whep/whep-client.js";
import { WebRtcReceiver } from "../../src/transport/index.js";

/** How long packets may wait in front of a narrow path before they are lost. */
const MOST_QUEUE_MS = 200;

/** Options of {@link openLinkClient}. */
export interface LinkClientOptions extends WhepOptions {
  /** Receive no faster than this: what comes sooner waits, and is lost when the queue is full. */
  readonly rateBps?: number;
}

/** A viewer of a link that counts frames and shows nothing. */
export interface LinkClient {
  readonly frames: ViewerFrame[];
  statistics(): InputStatistics;
  /** Waits until so many further frames have come. */
  more(count: number): Promise<void>;
  /** Leaves as a closed browser tab does, without a word to the server. */
  leave(): Promise<void>;
}

/** Connects to a link; leaves when the test has finished. */
export async function openLinkClient(
  link: string,
  { rateBps, ...options }: LinkClientOptions = {},
): Promise<LinkClient> {
  const receiver = await WebRtcReceiver.offer({ chroma: ["420"] });
  const session = await new WhepClient(new URL(link), options).open(receiver.offerSdp);
  await receiver.accept(session.answerSdp);

  const frames: ViewerFrame[] = [];
  const waiters = new Set<() => void>();
  const { payloadTypes, extensions } = receiver.media!;
  const reception = new RtpReception({
    payloadTypes,
    extensions,
    transmit: (datagram) => receiver.send(datagram),
    handlers: {
      frame: (frame) => {
        frames.push({ ...frame, captureTime: micros(frame.captureTime) });
        for (const wake of waiters) wake();
      },
      event: () => {},
      still: () => {},
      stillsReset: () => {},
    },
  });
  const receive = (datagram: Uint8Array) => reception.receive(datagram, "link");
  receiver.listen({ datagram: rateBps === undefined ? receive : narrowPath(rateBps, receive) });

  let hasLeft = false;
  const leave = async () => {
    if (hasLeft) return;
    hasLeft = true;
    reception.close();
    await receiver.close();
  };
  onTestFinished(leave);
  return {
    frames,
    leave,
    statistics: () => reception.statistics(),
    async more(count) {
      const wanted = frames.length + count;
      while (frames.length < wanted) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiters.delete(wake);
            resolve();
          };
          waiters.add(wake);
        });
      }
    },
  };
}

/** A path with a rate and a queue, on the receiver's own side. */
function narrowPath(rateBps: number, deliver: (datagram: Uint8Array) => void): (datagram: Uint8Array) => void {
  let freeAtMs = 0;
  return (datagram) => {
    const nowMs = performance.now();
    const startMs = Math.max(nowMs, freeAtMs);
    if (startMs - nowMs > MOST_QUEUE_MS) return;
    freeAtMs = startMs + (datagram.length * 8_000) / rateBps;
    setTimeout(() => deliver(datagram), freeAtMs - nowMs);
  };
}
