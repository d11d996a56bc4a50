import { beforeEach, describe, expect, it } from "vitest";
import type { DepacketizedFrame, Depacketizer, PayloadHints } from "../payload/payload-format.js";
import { rtpTimestamp } from "../rtp/rtp-timestamp.js";
import { micros } from "../time.js";
import type { AssemblerOutput, AssemblerPacket } from "./assembled-frame.js";
import type { AssemblerLimits } from "./assembler-limits.js";
import { FrameAssembler } from "./frame-assembler.js";

/**
 * A payload format of one letter and an index in each payload: K a keyframe's packets, S a keyframe's that may
 * have something before it, P a predicted picture's, Q what
 * looks like a keyframe's and is none, X what makes no sense. "K0" is the first packet of a keyframe.
 */
class LetterDepacketizer implements Depacketizer {
  readonly intraOnly: boolean;

  constructor(intraOnly = false) {
    this.intraOnly = intraOnly;
  }

  inspect(payload: Uint8Array): PayloadHints | undefined {
    const text = String.fromCharCode(...payload);
    if (!/^[KSPQ]/.test(text)) return undefined;
    const startsFrame = text[1] === "0" ? (text[0] === "S" ? "maybe" : "yes") : "no";
    return { startsFrame, keyframe: text[0] !== "P" };
  }

  depacketize(payloads: readonly Uint8Array[]): DepacketizedFrame | undefined {
    const text = payloads.map((payload) => String.fromCharCode(...payload)).join("");
    if (!/^[KSPQ\d]+$/.test(text)) return undefined;
    return { data: Uint8Array.from(text, (letter) => letter.charCodeAt(0)), keyframe: /^[KS]/.test(text) };
  }
}

/** `100 K0`: sequence number, payload; `|` behind it is the marker; `-` is padding. The timestamp counts frames. */
function packet(sequence: number, timestamp: number, text: string): AssemblerPacket {
  const payload = text.replace(/[|-]/g, "");
  return {
    extendedSequence: sequence,
    timestamp: rtpTimestamp(timestamp),
    marker: text.endsWith("|"),
    payload: Uint8Array.from(payload, (letter) => letter.charCodeAt(0)),
  };
}

let assembler: FrameAssembler;
let clock: number;

function start(
  options: { intraOnly?: boolean; mayStartHeadless?: boolean; limits?: Partial<AssemblerLimits> } = {},
): void {
  const { intraOnly, ...others } = options;
  const depacketizer = new LetterDepacketizer(intraOnly);
  assembler = new FrameAssembler({ depacketizer, ...others });
  clock = 0;
}

/** Inserts packets, one microsecond apart, and says what comes out. */
function insert(...packets: readonly [sequence: number, timestamp: number, text: string][]): string[] {
  const outputs: string[] = [];
  for (const [sequence, timestamp, text] of packets) {
    assembler.insert(micros(++clock), packet(sequence, timestamp, text));
    outputs.push(...drain());
  }
  return outputs;
}

function drain(): string[] {
  const outputs: string[] = [];
  for (let output = assembler.poll(); output !== undefined; output = assembler.poll())
    outputs.push(describeOutput(output));
  return outputs;
}

function describeOutput(output: AssemblerOutput): string {
  return output.kind === "frame" ? String.fromCharCode(...output.frame.data) : `needs keyframe: ${output.reason}`;
}

beforeEach(() => start());

describe("frame boundaries", () => {
  it("are seen at the marker, without waiting for more", () => {
    expect(insert([10, 1, "K0"], [11, 1, "K1|"])).toEqual(["K0K1"]);
    expect(insert([12, 2, "P0|"])).toEqual(["P0"]);
  });

  it("are seen where the timestamp changes, if there is no marker", () => {
    expect(insert([10, 1, "K0"], [11, 1, "K1"], [12, 2, "P0"])).toEqual(["K0K1"]);
    expect(insert([13, 3, "P0"])).toEqual(["P0"]);
  });

  it("are not guessed while a packet between two timestamps is missing", () => {
    expect(insert([10, 1, "K0"], [12, 2, "P0"])).toEqual([]);
    expect(insert([11, 1, "K1"])).toEqual(["K0K1"]);
  });

  it("may be two within one timestamp", () => {
    expect(insert([10, 1, "K0|"], [11, 1, "P0|"])).toEqual(["K0", "P0"]);
  });

  it("are not disturbed by padding", () => {
    expect(insert([10, 1, "K0"], [11, 1, "-"], [12, 1, "K1|"], [13, 1, "-"], [14, 1, "-"])).toEqual(["K0K1"]);
    expect(insert([16, 2, "P1|"], [15, 2, "P0"])).toEqual(["P0P1"]);
    expect(insert([19, 3, "P1|"], [17, 2, "-"], [18, 3, "P0"])).toEqual(["P0P1"]);
  });
});

describe("order", () => {
  it("does not matter within and between frames", () => {
    expect(insert([13, 2, "P1|"], [11, 1, "K1|"], [12, 2, "P0"], [10, 1, "K0"])).toEqual([
      "needs keyframe: start",
      "K0K1",
      "P0P1",
    ]);
  });

  it("is that of sequence numbers when several frames become whole at once", () => {
    insert([10, 1, "K0|"]);
    expect(insert([13, 4, "P0|"], [12, 3, "P0|"])).toEqual([]);
    expect(insert([11, 2, "P0|"])).toEqual(["P0", "P0", "P0"]);
  });

  it("drops duplicates and late packets", () => {
    expect(insert([10, 1, "K0"], [10, 1, "K0"], [11, 1, "K1|"], [11, 1, "K1|"], [9, 0, "P0|"])).toEqual(["K0K1"]);
    expect(assembler.stats()).toMatchObject({ packetsReceived: 5, packetsDuplicate: 1, packetsLate: 2 });
  });
});

describe("delivered frames", () => {
  it("say where and when their packets came", () => {
    assembler.insert(micros(50), { ...packet(11, 7, "K1|"), captureTime: micros(5), recovered: true });
    assembler.insert(micros(40), packet(10, 7, "K0"));
    expect(assembler.poll()).toMatchObject({
      kind: "frame",
      frame: {
        keyframe: true,
        timestamp: 7,
        captureTime: 5,
        firstSequence: 10,
        lastSequence: 11,
        firstArrival: 40,
        lastArrival: 50,
        recovered: true,
      },
    });
    expect(assembler.poll()).toBeUndefined();
  });

  it("leave the capture time out if it is not known", () => {
    assembler.insert(micros(40), packet(10, 7, "K0|"));
    const output = assembler.poll();
    expect(output?.kind === "frame" && "captureTime" in output.frame).toBe(false);
  });
});

describe("the start", () => {
  it("asks for a keyframe once, if it is in the middle of the stream", () => {
    expect(insert([10, 1, "P1"], [11, 1, "P2|"], [12, 2, "P0|"])).toEqual(["needs keyframe: start"]);
    expect(assembler.awaitingKeyframe).toBe(true);
    expect(insert([13, 3, "K0|"], [14, 4, "P0|"])).toEqual(["K0", "P0"]);
    expect(assembler.awaitingKeyframe).toBe(false);
    expect(assembler.stats()).toMatchObject({ framesDelivered: 2, framesDropped: 2 });
  });

  it("does not take the rest of a keyframe for a keyframe", () => {
    expect(insert([10, 1, "K1"], [11, 1, "K2|"])).toEqual(["needs keyframe: start"]);
    expect(assembler.hole()).toEqual({ firstSequence: 9, lastSequence: 9, since: 1 });
    expect(insert([9, 1, "K0"])).toEqual(["K0K1K2"]);
  });

  it("keeps little of frames that cannot be decoded", () => {
    for (let i = 0; i < 1_000; i++) insert([10 + i, i, "P0|"]);
    expect(assembler.stats().packetsBuffered).toBeLessThanOrEqual(128);
    expect(assembler.hole()).toBeUndefined();
  });

  it("finds a keyframe that was overtaken", () => {
    expect(insert([12, 2, "P0|"], [13, 3, "P0|"], [11, 1, "K1|"])).toEqual(["needs keyframe: start"]);
    expect(assembler.hole()).toEqual({ firstSequence: 10, lastSequence: 10, since: 1 });
    expect(insert([10, 1, "K0"])).toEqual(["K0K1", "P0", "P0"]);
  });
});

describe("a hole", () => {
  beforeEach(() => {
    insert([10, 1, "K0|"], [11, 2, "P0"], [13, 2, "P2|"], [14, 3, "P0|"]);
  });

  it("is known by its packets and since when", () => {
    expect(assembler.hole()).toEqual({ firstSequence: 12, lastSequence: 12, since: 3 });
    expect(assembler.nextSequence).toBe(11);
  });

  it("keeps its time when it shrinks, and gives way to the next one", () => {
    insert([20, 6, "P1|"], [17, 5, "P0|"]);
    insert([12, 2, "P1"]);
    expect(assembler.hole()).toEqual({ firstSequence: 15, lastSequence: 16, since: 5 });
    insert([15, 4, "P0|"]);
    expect(assembler.hole()).toEqual({ firstSequence: 16, lastSequence: 16, since: 5 });
    insert([16, 4, "P0|"]);
    expect(assembler.hole()).toEqual({ firstSequence: 18, lastSequence: 19, since: 5 });
  });

  it("is not there while a frame is still arriving", () => {
    expect(insert([12, 2, "P1"])).toEqual(["P0P1P2", "P0"]);
    insert([15, 4, "P0"]);
    expect(assembler.hole()).toBeUndefined();
  });

  it("holds up a frame that could end in it", () => {
    insert([12, 2, "P1"], [15, 4, "P0"], [17, 5, "P0|"]);
    expect(assembler.hole()).toMatchObject({ firstSequence: 16, lastSequence: 16 });
  });

  it("is overtaken by a whole keyframe", () => {
    expect(insert([15, 4, "K0"], [16, 4, "K1|"], [17, 5, "P0|"])).toEqual(["K0K1", "P0"]);
    expect(assembler.hole()).toBeUndefined();
    expect(assembler.stats()).toMatchObject({ framesDropped: 2, packetsBuffered: 0 });
    expect(insert([12, 2, "P1"])).toEqual([]);
    expect(assembler.stats().packetsLate).toBe(1);
  });

  it("is overtaken by a keyframe whose predecessor is missing, but not by a part of one", () => {
    expect(insert([17, 5, "K1|"])).toEqual([]);
    expect(insert([16, 5, "K0"])).toEqual(["K0K1"]);
  });

  it("is not overtaken by what only looks like a keyframe", () => {
    expect(insert([15, 4, "Q0|"])).toEqual([]);
    expect(insert([12, 2, "P1"])).toEqual(["P0P1P2", "P0", "Q0"]);
  });

  it("when given up, takes all dependent frames with it", () => {
    assembler.abandonHole();
    expect(drain()).toEqual(["needs keyframe: loss"]);
    expect(assembler.awaitingKeyframe).toBe(true);
    expect(assembler.hole()).toBeUndefined();
    expect(insert([12, 2, "P1"], [15, 4, "P0|"], [16, 5, "K0|"])).toEqual(["K0"]);
    expect(assembler.stats()).toMatchObject({ framesDelivered: 2, framesDropped: 3, packetsLate: 1 });
  });

  it("when given up, leaves a keyframe that is still arriving", () => {
    insert([15, 4, "K0"]);
    assembler.abandonHole();
    expect(drain()).toEqual(["needs keyframe: loss"]);
    expect(insert([16, 4, "K1|"])).toEqual(["K0K1"]);
  });

  it("when given up, takes the keyframe that began in it", () => {
    insert([12, 2, "P1"]);
    expect(insert([16, 4, "K1"], [18, 4, "K3"])).toEqual([]);
    assembler.abandonHole();
    expect(drain()).toEqual(["needs keyframe: loss"]);
    expect(insert([19, 4, "K4|"])).toEqual([]);
    expect(assembler.stats()).toMatchObject({ packetsBuffered: 0, framesDropped: 1, framesMalformed: 0 });
  });
});

describe("a keyframe with a hole", () => {
  it("is waited for while one is needed, and given up for the next", () => {
    insert([10, 1, "P0|"], [11, 2, "K0"], [13, 2, "K2|"], [14, 3, "P0|"], [15, 4, "K0"]);
    expect(assembler.hole()).toEqual({ firstSequence: 12, lastSequence: 12, since: 3 });
    assembler.abandonHole();
    expect(drain()).toEqual(["needs keyframe: loss"]);
    expect(insert([12, 2, "K1"], [16, 4, "K1|"])).toEqual(["K0K1"]);
  });

  it("is followed by the frames that arrived before it was repaired", () => {
    insert([10, 1, "K0"], [12, 1, "K2|"], [13, 2, "P0|"], [14, 3, "P0|"]);
    expect(insert([11, 1, "K1"])).toEqual(["K0K1K2", "P0", "P0"]);
  });
});

describe("a keyframe that may have begun earlier", () => {
  it("is delivered when the packet before it shows that it did not", () => {
    expect(insert([9, 1, "P9|"], [10, 2, "S0|"])).toEqual(["needs keyframe: start", "S0"]);
    expect(insert([12, 4, "S0|"])).toEqual([]);
    expect(insert([11, 3, "P0|"])).toEqual(["P0", "S0"]);
  });

  it("is delivered with what comes before it", () => {
    expect(insert([11, 1, "S0|"])).toEqual([]);
    expect(assembler.hole()).toEqual({ firstSequence: 10, lastSequence: 10, since: 1 });
    expect(insert([10, 1, "K0"])).toEqual(["K0S0"]);
  });

  it("is skipped when the packet before it is given up, unless what may be in that is known", () => {
    expect(insert([10, 1, "S0|"], [11, 2, "P0|"])).toEqual([]);
    expect(assembler.packetBeforeStart).toBe(9);
    assembler.abandonHole();
    expect(drain()).toEqual(["needs keyframe: loss"]);
    start({ mayStartHeadless: true });
    expect(insert([10, 1, "S0|"], [11, 2, "P0|"], [13, 3, "P1|"])).toEqual([]);
    assembler.abandonHole();
    expect(assembler.hole()).toBeUndefined();
    expect(drain()).toEqual(["S0", "P0"]);
    expect(assembler.hole()).toMatchObject({ firstSequence: 12, lastSequence: 12 });
  });
});

describe("intra-only codecs", () => {
  beforeEach(() => start({ intraOnly: true }));

  it("never wait behind a hole, nor ask for keyframes", () => {
    expect(insert([10, 1, "K1|"], [11, 2, "K0"], [13, 2, "K2|"], [14, 3, "K0|"], [12, 2, "K1"])).toEqual(["K0"]);
    expect(assembler.stats()).toMatchObject({ framesDelivered: 1, framesDropped: 2, packetsLate: 1 });
  });

  it("give up a hole without a word", () => {
    insert([10, 1, "K0|"], [11, 2, "K0"], [13, 2, "K2|"]);
    assembler.abandonHole();
    expect(drain()).toEqual([]);
    expect(assembler.stats().packetsBuffered).toBe(0);
    expect(insert([14, 3, "K0|"])).toEqual(["K0"]);
  });
});

describe("bad frames", () => {
  it("break the chain of frames", () => {
    expect(insert([10, 1, "K0|"], [11, 2, "X|"], [12, 3, "P0|"])).toEqual(["K0", "needs keyframe: malformed"]);
    expect(assembler.stats()).toMatchObject({ packetsMalformed: 1, framesMalformed: 1, framesDropped: 2 });
    expect(insert([13, 4, "K0|"])).toEqual(["K0"]);
  });

  it("are reported by the decoder too", () => {
    insert([10, 1, "K0|"]);
    assembler.requireKeyframe();
    assembler.requireKeyframe();
    expect(drain()).toEqual(["needs keyframe: requested"]);
    expect(insert([11, 2, "P0|"], [12, 3, "K0|"])).toEqual(["K0"]);
  });
});

describe("reset", () => {
  it("takes any sequence number as the first again", () => {
    insert([1_000, 1, "K0|"], [1_002, 2, "P1"]);
    assembler.reset();
    expect(assembler.nextSequence).toBeUndefined();
    expect(insert([10, 9, "K0|"], [11, 10, "P0|"])).toEqual(["K0", "P0"]);
  });
});

describe("limits", () => {
  it.each([
    ["packets", { maxPackets: 50 }, (i: number) => 10 + i],
    ["bytes", { maxBytes: 100 }, (i: number) => 10 + i],
    ["runs", { maxRuns: 50 }, (i: number) => 10 + 2 * i],
  ])("of %s drop what is stored", (_, limits, sequenceAt) => {
    start({ limits });
    insert([1, 1, "K0|"]);
    const outputs = Array.from({ length: 51 }, (__, i) => insert([sequenceAt(i), 2, "K1"])).flat();
    expect(outputs).toEqual(["needs keyframe: overflow"]);
    expect(assembler.stats()).toMatchObject({ overflows: 1, packetsBuffered: 0, bytesBuffered: 0 });
    expect(insert([500, 3, "K0|"])).toEqual(["K0"]);
  });
});
