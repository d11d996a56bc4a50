/**
 * How long an encoded frame takes from one process to the other through the link between them, while the receiver does
 * nothing else. This module is both: started as a child it sends frames, 60 a second of each size.
 */

import { connectToParent, type Message, startChild } from "#internal/ipc/index.js";
import { reportSpread } from "./measure.js";

const CHILD_FLAG = "SIGHTLINE_BENCH_CHILD";
/** A small change, a large change, a keyframe, in bytes. */
const FRAME_SIZES = [2_000, 70_000, 400_000];
const FRAMES_PER_SIZE = 120;
const INTERVAL_MS = 1_000 / 60;

/** Monotonic, the same in all processes of a machine. */
function nowMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

async function sendFrames(): Promise<void> {
  const messages = connectToParent();
  for (const size of FRAME_SIZES) {
    for (let frame = 0; frame < FRAMES_PER_SIZE; frame++) {
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
      const payload = Buffer.alloc(size, frame);
      messages.send({ type: "frame", body: { sentMs: nowMs() }, payload });
    }
  }
  messages.close();
}

async function receiveFrames(): Promise<void> {
  process.env[CHILD_FLAG] = "1";
  const delaysMs = new Map<number, number[]>(FRAME_SIZES.map((size) => [size, []]));
  const child = startChild(new URL(import.meta.url));
  child.messages.onMessage(({ body, payload }: Message) => {
    const { sentMs } = body as { sentMs: number };
    delaysMs.get(payload?.length ?? 0)?.push(nowMs() - sentMs);
  });
  await child.exited;
  for (const [size, delays] of delaysMs) {
    reportSpread(`${size / 1_000} kB to the parent process`, delays, { unit: "ms", per: "frame" });
  }
}

await (process.env[CHILD_FLAG] ? sendFrames() : receiveFrames());
