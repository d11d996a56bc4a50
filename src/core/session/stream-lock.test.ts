import { expect, test } from "vitest";
import { NO_EXTENSIONS } from "../rtp/header-extension.js";
import { rtpTimestamp, sequenceNumber } from "../rtp/index.js";
import { later, type Micros, millis, seconds } from "../time.js";
import { type ArrivedPacket, StreamLock } from "./stream-lock.js";

const START = seconds(1_000);

function at(ms: number): Micros {
  return later(START, millis(ms));
}

function packet(ssrc: number, sequence: number, startsKeyframe = false): ArrivedPacket {
  return {
    packet: {
      payloadType: 96,
      marker: false,
      sequenceNumber: sequenceNumber(sequence),
      timestamp: rtpTimestamp(0),
      ssrc,
      extensions: NO_EXTENSIONS,
      payload: new Uint8Array(10),
    },
    arrival: START,
    startsKeyframe,
  };
}

/** A lock on stream 1 of "a", last heard at 0 ms. */
function lockedOnA(): StreamLock {
  const lock = new StreamLock();
  lock.offer(at(0), "a", packet(1, 100, true));
  return lock;
}

test("two packets in sequence lock, and both are handed on", () => {
  const lock = new StreamLock();
  const [first, second] = [packet(1, 65_535), packet(1, 0)];
  expect(lock.offer(at(0), "a", first)).toEqual({ kind: "ignored" });
  expect(lock.offer(at(1), "a", second)).toEqual({ kind: "locked", packets: [first, second] });
  expect(lock.offer(at(2), "a", packet(1, 1))).toEqual({ kind: "current" });
  expect(lock.isCurrent({ remote: "a", ssrc: 1 })).toBe(true);
  expect(lock.isVacant(at(1_001))).toBe(false);
  expect(lock.isVacant(at(1_002))).toBe(true);
});

test("the start of a keyframe locks at once", () => {
  const lock = new StreamLock();
  const keyframe = packet(1, 100, true);
  expect(lock.offer(at(0), "a", keyframe)).toEqual({ kind: "locked", packets: [keyframe] });
});

test("what came in another order before is not lost", () => {
  const lock = new StreamLock();
  const packets = [3, 1, 5, 0, 2].map((sequence) => packet(1, sequence));
  for (const early of packets) expect(lock.offer(at(0), "a", early).kind).toBe("ignored");
  const verdict = lock.offer(at(1), "a", packet(1, 3));
  expect(verdict.kind).toBe("locked");
  const sequences = verdict.kind === "locked" ? verdict.packets.map((held) => held.packet.sequenceNumber) : [];
  expect(sequences).toEqual([0, 1, 2, 3, 3, 5]);
});

test("packets out of sequence lock nothing", () => {
  const lock = new StreamLock();
  for (const sequence of [5, 7, 3, 900]) expect(lock.offer(at(0), "a", packet(1, sequence)).kind).toBe("ignored");
  expect(lock.isVacant(at(0))).toBe(true);
});

test("a live stream is not taken over, from wherever", () => {
  const lock = lockedOnA();
  for (let i = 0; i < 100; i++) {
    expect(lock.offer(at(10 * i), "a", packet(1, 101 + i)).kind).toBe("current");
    expect(lock.offer(at(10 * i), "b", packet(2, i, i % 10 === 0)).kind).toBe("ignored");
    expect(lock.offer(at(10 * i), "b", packet(1, i)).kind).toBe("ignored");
    expect(lock.offer(at(10 * i), "a", packet(3, i, i % 10 === 0)).kind).toBe("ignored");
  }
});

test("another address takes over after a second's silence, and a report breaks the silence", () => {
  const lock = lockedOnA();
  lock.touch(at(500));
  expect(lock.offer(at(1_400), "b", packet(2, 1)).kind).toBe("ignored");
  expect(lock.offer(at(1_499), "b", packet(2, 2)).kind).toBe("ignored");
  expect(lock.offer(at(1_500), "b", packet(2, 3)).kind).toBe("locked");
  expect(lock.isCurrent({ remote: "b", ssrc: 2 })).toBe(true);
});

test("the same address with a new stream takes over as soon as the old one has stopped", () => {
  const lock = lockedOnA();
  expect(lock.offer(at(60), "a", packet(9, 50)).kind).toBe("ignored");
  expect(lock.offer(at(99), "a", packet(9, 51)).kind).toBe("ignored");
  expect(lock.offer(at(100), "a", packet(9, 52)).kind).toBe("locked");
});

test("after goodbye anyone may come but the stream that left", () => {
  const lock = lockedOnA();
  lock.end(at(10));
  expect(lock.isVacant(at(10))).toBe(true);
  expect(lock.offer(at(11), "a", packet(1, 101, true)).kind).toBe("ignored");
  expect(lock.offer(at(12), "a", packet(2, 5, true)).kind).toBe("locked");
  lock.end(at(20));
  expect(lock.offer(at(1_500), "a", packet(1, 101, true)).kind).toBe("locked");
});

test("candidates are bounded, and a flood of them does not keep a keyframe out", () => {
  const lock = new StreamLock();
  for (let i = 0; i < 10_000; i++) lock.offer(at(0), `flood ${i}`, packet(i, i));
  expect(lock.offer(at(0), "a", packet(1, 100, true)).kind).toBe("locked");
});
