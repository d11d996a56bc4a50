import { expect, test } from "vitest";
import { SimulatedEndpoint } from "../../../lab/endpoints/simulated-endpoint.js";
import { SimulatedViewer } from "../../../lab/endpoints/simulated-viewer.js";
import { TestFrames } from "../../../lab/endpoints/test-frames.js";
import { type LinkConditions, type LinkStep, SimulatedLink } from "../../../lab/network/simulated-link.js";
import { VirtualTime } from "../../../lab/virtual-time.js";
import {
  type CongestionOptions,
  DEFAULT_CODEC_PAYLOAD_TYPES,
  DEFAULT_EXTENSION_MAP,
  later,
  type Micros,
  micros,
  millis,
  RtpSender,
  SeededRng,
  type SenderInput,
  type SenderOutput,
  seconds,
} from "../../../src/core/index.js";

const START = seconds(1_700_000_000);
const FPS = 30;
/** While more than this waits in the pacer, no frame is encoded. */
const HOLD_BACKLOG = millis(25);

/** Sizes of frames, in bytes. */
interface Source {
  readonly keyframe: number;
  frame(index: number, bitrateBps: number): number;
}

const STILL: Source = { keyframe: 60_000, frame: () => 4_000 };
/** Each sixth frame has three times the average, as encoders that may save up have it. */
const SCROLLING: Source = {
  keyframe: 200_000,
  frame: (index, bitrateBps) => Math.round((bitrateBps / 8 / FPS) * (index % 6 === 0 ? 3 : 0.6)),
};

/** A whole sender and a whole receiver with Google Congestion Control, over one link. */
function run(
  path: LinkConditions | readonly LinkStep[],
  { durationMs, congestion, source = STILL }: { durationMs: number; congestion: CongestionOptions; source?: Source },
) {
  const time = new VirtualTime(START);
  const steps: readonly LinkStep[] = Array.isArray(path) ? path : [{ atMs: 0, ...(path as LinkConditions) }];
  const out = new SimulatedLink({ seed: 1, start: START, steps });
  const back = new SimulatedLink({ seed: 2, start: START, steps: [{ atMs: 0, delayMs: steps[0]!.delayMs }] });
  const targets: { readonly atMs: number; readonly bitrateBps: number }[] = [];
  const content = new TestFrames(1);
  const rng = new SeededRng(1);
  let frames = 0;
  let keyframe = true;
  let encoderBps = congestion.kind === "gcc" ? congestion.startBitrateBps : congestion.bitrateBps;
  const sender = new RtpSender({
    codec: "h264",
    ssrc: rng.uint32(),
    rtxSsrc: rng.uint32(),
    fecSsrc: rng.uint32(),
    ...DEFAULT_CODEC_PAYLOAD_TYPES.h264,
    extensions: DEFAULT_EXTENSION_MAP,
    cname: "sender",
    rng,
    bitrateBps: 8e6,
    congestion,
  });
  const endpoint = new SimulatedEndpoint<SenderInput, Exclude<SenderOutput, { kind: "timeout" }>>(
    time,
    sender,
    (output) => {
      if (output.kind === "transmit") {
        const { datagram } = output;
        for (const arrival of out.send(time.now, datagram.length)) {
          time.schedule(arrival, () => viewer.receive(datagram, "sender"));
        }
      } else if (output.event.kind === "target-bitrate") {
        encoderBps = output.event.bitrateBps;
        targets.push({ atMs: (time.now - START) / 1_000, bitrateBps: output.event.bitrateBps });
      } else if (output.event.kind === "keyframe-requested") {
        keyframe = true;
      }
    },
  );
  const viewer = new SimulatedViewer(time, {
    seed: 77,
    transmit: (datagram) => {
      for (const arrival of back.send(time.now, datagram.length)) {
        time.schedule(arrival, () => endpoint.input({ kind: "datagram", datagram }));
      }
    },
  });
  const capture = (at: Micros): void => {
    time.schedule(at, () => {
      capture(later(at, micros(Math.round(1e6 / FPS))));
      if (sender.backlog(time.now) > HOLD_BACKLOG) return;
      const size = keyframe ? source.keyframe : source.frame(frames, encoderBps);
      endpoint.input({ kind: "frame", frame: content.make({ captureTime: time.now, keyframe, size }) });
      keyframe = false;
      frames += 1;
    });
  };
  capture(START);
  time.runUntil(later(START, millis(durationMs)));
  const delaysMs = (fromMs: number) =>
    viewer.deliveries
      .filter(({ at }) => at >= later(START, millis(fromMs)))
      .map(({ at, frame }) => (at - frame.captureTime) / 1_000)
      .toSorted((a, b) => a - b);
  return { targets, frames, shown: viewer.deliveries.length, delaysMs, statistics: sender.stats(time.now) };
}

const GCC: CongestionOptions = { kind: "gcc", startBitrateBps: 8e6 };

test("a page that scrolls behind 4 Mb/s leaves no queue, and its first picture switches no redundancy on", () => {
  const { shown, delaysMs, statistics } = run(
    { delayMs: 10, rateBps: 4e6, queueMs: 200 },
    { durationMs: 20_000, congestion: GCC, source: SCROLLING },
  );
  const delays = delaysMs(5_000);
  expect(delays[Math.floor(delays.length * 0.5)]).toBeLessThan(60);
  expect(delays[Math.floor(delays.length * 0.95)]).toBeLessThan(110);
  expect(shown).toBeGreaterThan(20 * 22);
  expect(statistics.packetsRetransmitted).toBeLessThan(300);
  expect(statistics.repairPacketsSent).toBeLessThan(shown / 10);
});

test("a page that scrolls goes on when the path drops from 20 to 3 Mb/s", () => {
  const at = (atMs: number, rateBps: number) => ({ atMs, delayMs: 10, rateBps, queueMs: 200 });
  const { delaysMs } = run([at(0, 20e6), at(10_000, 3e6)], { durationMs: 20_000, congestion: GCC, source: SCROLLING });
  const delays = delaysMs(2_000);
  expect(delays[Math.floor(delays.length * 0.5)]).toBeLessThan(60);
  expect(delays[Math.floor(delays.length * 0.95)]).toBeLessThan(150);
  expect(delays.at(-1)).toBeLessThan(1_000);
});

test("a still screen on a LAN may use 50 Mb/s within a second, found by padding", () => {
  const { targets, frames, shown, statistics } = run(
    { delayMs: 0.3, rateBps: 1e9, queueMs: 20 },
    { durationMs: 3_000, congestion: GCC },
  );
  expect(targets.find(({ bitrateBps }) => bitrateBps >= 50e6)?.atMs).toBeLessThan(1_000);
  expect(frames - shown).toBeLessThanOrEqual(1);
  expect(statistics).toMatchObject({ packetsRequested: 0, packetsRetransmitted: 0, keyframesRequested: 0 });
});

test("padding that a path of 5 Mb/s cannot carry does not disturb what is shown", () => {
  const { targets, frames, shown } = run(
    { delayMs: 10, rateBps: 5e6, queueMs: 200 },
    { durationMs: 10_000, congestion: GCC },
  );
  expect(targets.at(-1)?.bitrateBps).toBeLessThan(6e6);
  expect(targets.at(-1)?.bitrateBps).toBeGreaterThan(2e6);
  expect(frames - shown).toBeLessThanOrEqual(2);
});
