import { expect, test } from "vitest";
import { SimulatedEndpoint } from "../../../lab/endpoints/simulated-endpoint.js";
import { SimulatedViewer } from "../../../lab/endpoints/simulated-viewer.js";
import { TestFrames } from "../../../lab/endpoints/test-frames.js";
import { type LinkConditions, SimulatedLink } from "../../../lab/network/simulated-link.js";
import { VirtualTime } from "../../../lab/virtual-time.js";
import {
  type CongestionOptions,
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
const KEYFRAME_BYTES = 60_000;
const FRAME_BYTES = 4_000;

/** A whole sender and a whole receiver with Google Congestion Control, over one link; the source sends little. */
function run(link: LinkConditions, { durationMs, congestion }: { durationMs: number; congestion: CongestionOptions }) {
  const time = new VirtualTime(START);
  const out = new SimulatedLink({ seed: 1, start: START, steps: [{ atMs: 0, ...link }] });
  const back = new SimulatedLink({ seed: 2, start: START, steps: [{ atMs: 0, delayMs: link.delayMs }] });
  const targets: { readonly atMs: number; readonly bitrateBps: number }[] = [];
  const content = new TestFrames(1);
  const rng = new SeededRng(1);
  let frames = 0;
  let keyframe = true;
  const sender = new RtpSender({
    codec: "h264",
    ssrc: rng.uint32(),
    rtxSsrc: rng.uint32(),
    payloadType: 96,
    rtxPayloadType: 97,
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
      const size = keyframe ? KEYFRAME_BYTES : FRAME_BYTES;
      endpoint.input({ kind: "frame", frame: content.make({ captureTime: time.now, keyframe, size }) });
      keyframe = false;
      frames += 1;
      capture(later(at, micros(Math.round(1e6 / FPS))));
    });
  };
  capture(START);
  time.runUntil(later(START, millis(durationMs)));
  return { targets, frames, shown: viewer.deliveries.length, statistics: sender.stats(time.now) };
}

const GCC: CongestionOptions = { kind: "gcc", startBitrateBps: 8e6 };

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
