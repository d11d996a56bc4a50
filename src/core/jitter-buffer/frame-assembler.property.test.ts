import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDepacketizer, createPacketizer, joinAnnexB } from "../payload/index.js";
import { rtpTimestamp } from "../rtp/rtp-timestamp.js";
import { micros } from "../time.js";
import type { AssembledFrame, AssemblerPacket } from "./assembled-frame.js";
import { FrameAssembler } from "./frame-assembler.js";

/** A picture of some slices, behind parameter sets if it is a keyframe. */
interface Picture {
  readonly keyframe: boolean;
  readonly sliceSizes: readonly number[];
}

const SPS = Uint8Array.of(0x67, 0x42, 0xc0, 0x1f, 0xda);
const PPS = Uint8Array.of(0x68, 0xce, 0x0f);
const PARAMETER_SETS_SIZE = joinAnnexB([SPS, PPS]).length;

function accessUnit({ keyframe, sliceSizes }: Picture, number: number): Uint8Array {
  const slices = sliceSizes.map((size, index) => {
    const slice = new Uint8Array(size).fill((number % 250) + 2);
    slice.set([keyframe ? 0x65 : 0x41, index === 0 ? 0x98 : 0x40]);
    return slice;
  });
  return joinAnnexB(keyframe ? [SPS, PPS, ...slices] : slices);
}

/** The packets of a stream of pictures; the timestamp is the picture's index. */
function packetize(frames: readonly Uint8Array[], hasMarkers: boolean): AssemblerPacket[] {
  const packets: AssemblerPacket[] = [];
  for (const [index, data] of frames.entries()) {
    const frame = { codec: "h264", data, keyframe: true, captureTime: micros(0) } as const;
    const payloads = createPacketizer("h264").packetize(frame, 256);
    for (const [place, payload] of payloads.entries()) {
      packets.push({
        extendedSequence: 65_536 + packets.length,
        timestamp: rtpTimestamp(index),
        marker: hasMarkers && place === payloads.length - 1,
        payload,
      });
    }
  }
  return packets;
}

const picture = (keyframe: fc.Arbitrary<boolean>): fc.Arbitrary<Picture> =>
  fc.record({ keyframe, sliceSizes: fc.array(fc.integer({ min: 4, max: 900 }), { minLength: 1, maxLength: 3 }) });

/** What the network does with a packet: how far it falls back, and whether it comes, and comes again. */
const fate = fc.record({ delay: fc.nat(12), isLost: fc.boolean(), isDoubled: fc.boolean() });
const fates = fc.array(fate, { minLength: 50, maxLength: 50 });
type Fate = typeof fates extends fc.Arbitrary<(infer T)[]> ? T : never;

function carry(packets: readonly AssemblerPacket[], network: readonly Fate[], { loses }: { loses: boolean }) {
  return packets
    .flatMap((packet, index) => {
      const { delay, isLost, isDoubled } = network[index % network.length]!;
      // One in eight or so of those marked.
      if (loses && isLost && index % 8 === 3) return [];
      const arrivals = [{ packet, at: index + delay }];
      if (isDoubled) arrivals.push({ packet, at: index + 2 * delay });
      return arrivals;
    })
    .sort((a, b) => a.at - b.at);
}

function collect(assembler: FrameAssembler, frames: AssembledFrame[]): void {
  for (let output = assembler.poll(); output !== undefined; output = assembler.poll()) {
    if (output.kind === "frame") frames.push(output.frame);
  }
}

describe("any stream", () => {
  it("comes out as it went in, however it was shuffled and doubled", () => {
    const pictures = fc
      .tuple(picture(fc.constant(true)), fc.array(picture(fc.constant(false)), { minLength: 1, maxLength: 20 }))
      .map(([first, rest]) => [first, ...rest]);
    fc.assert(
      fc.property(pictures, fates, fc.boolean(), (stream, network, hasMarkers) => {
        const frames = stream.map(accessUnit);
        const assembler = new FrameAssembler({ depacketizer: createDepacketizer("h264") });
        const delivered: AssembledFrame[] = [];
        for (const { packet, at } of carry(packetize(frames, hasMarkers), network, { loses: false })) {
          assembler.insert(micros(at), packet);
          collect(assembler, delivered);
        }
        // Without markers, only a next frame would show that the last one is over.
        const expected = hasMarkers ? frames : frames.slice(0, -1);
        expect(delivered.map((frame) => Buffer.from(frame.data))).toEqual(expected.map((data) => Buffer.from(data)));
        expect(assembler.stats()).toMatchObject({ framesDropped: 0, framesMalformed: 0, overflows: 0 });
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  it("never has a frame delivered without those it needs, whatever is lost and given up", () => {
    const pictures = fc.array(picture(fc.boolean()), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(pictures, fates, fc.integer({ min: 1, max: 40 }), (stream, network, patience) => {
        const frames = stream.map(accessUnit);
        const assembler = new FrameAssembler({ depacketizer: createDepacketizer("h264") });
        const delivered: AssembledFrame[] = [];
        for (const { packet, at } of carry(packetize(frames, true), network, { loses: true })) {
          assembler.insert(micros(at), packet);
          collect(assembler, delivered);
          const hole = assembler.hole();
          if (hole !== undefined && at - hole.since > patience) {
            assembler.abandonHole();
            collect(assembler, delivered);
          }
        }
        let last = -1;
        for (const frame of delivered) {
          const index: number = frame.timestamp;
          expect(index).toBeGreaterThan(last);
          if (!frame.keyframe) expect(index).toBe(last + 1);
          if (frame.keyframe) expect(stream[index]!.keyframe).toBe(true);
          // A keyframe may come without its parameter sets, if they were given up.
          const sent = Buffer.from(frames[index]!);
          const isLacking = frame.keyframe && sent.indexOf(frame.data) === PARAMETER_SETS_SIZE;
          expect(sent.equals(frame.data) || isLacking).toBe(true);
          last = index;
        }
      }),
      { seed: 12, numRuns: 300 },
    );
  });
});

describe("hostile packets", () => {
  const limits = { maxPackets: 64, maxBytes: 2_000, maxRuns: 16 };
  const packet = fc.record({
    extendedSequence: fc.oneof(fc.integer({ min: 65_536, max: 65_700 }), fc.maxSafeInteger()),
    timestamp: fc.oneof(fc.nat(3), fc.nat(2 ** 32 - 1)).map(rtpTimestamp),
    marker: fc.boolean(),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ maxLength: 80 }).map((rest) => Uint8Array.of(0x7c, ...rest)),
      fc.constant(Uint8Array.of(0x67, 1, 2, 3)),
      fc.constant(Uint8Array.of(0x65, 0x88)),
    ),
  });
  const step = fc.oneof(
    { weight: 20, arbitrary: packet },
    { weight: 1, arbitrary: fc.constantFrom("abandon", "require", "reset") },
  );

  it.each(["h264", "jpeg"] as const)("never throw, and never fill the memory (%s)", (codec) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
        const assembler = new FrameAssembler({ depacketizer: createDepacketizer(codec), limits });
        for (const [at, action] of steps.entries()) {
          if (action === "abandon") assembler.abandonHole();
          else if (action === "require") assembler.requireKeyframe();
          else if (action === "reset") assembler.reset();
          else assembler.insert(micros(at), action);
          const outputs: AssembledFrame[] = [];
          collect(assembler, outputs);
          const { packetsBuffered, bytesBuffered } = assembler.stats();
          expect(packetsBuffered).toBeLessThanOrEqual(limits.maxPackets);
          expect(bytesBuffered).toBeLessThanOrEqual(limits.maxBytes);
          const hole = assembler.hole();
          if (hole !== undefined) expect(hole.lastSequence).toBeGreaterThanOrEqual(hole.firstSequence);
        }
      }),
      { seed: 13, numRuns: 100 },
    );
  });

  it("are all let go when their hole is given up again and again", () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 40 }), (packets) => {
        const assembler = new FrameAssembler({ depacketizer: createDepacketizer("h264") });
        for (const [at, one] of packets.entries()) assembler.insert(micros(at), one);
        collect(assembler, []);
        for (let i = 0; i < packets.length && assembler.hole() !== undefined; i++) {
          assembler.abandonHole();
          collect(assembler, []);
        }
        expect(assembler.hole()).toBeUndefined();
      }),
      { seed: 14, numRuns: 300 },
    );
  });
});
