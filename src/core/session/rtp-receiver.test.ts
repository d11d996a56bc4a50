import { describe, expect, test } from "vitest";
import {
  at,
  createReceiver,
  drain,
  ELSEWHERE,
  HOME,
  media,
  receive,
  receiveRtcp,
  runUntil,
  SSRC,
  senderReport,
  showing,
  timesOf,
  VIEWER,
} from "../../../test/support/receiver-harness.js";
import { toApplicationPacket, wrapRtx } from "../nack/index.js";
import { type RtcpPacket, serializeRtcp } from "../rtcp/index.js";
import {
  compactNtp,
  DEFAULT_EXTENSION_MAP,
  sequenceNumber,
  serializeRtpPacket,
  toNtp,
  writeAbsCaptureTime,
  writeTransportSequenceNumber,
} from "../rtp/index.js";
import { later, micros, millis, NEVER, seconds } from "../time.js";

describe("locking on", () => {
  test("a keyframe starts the stream and is the first picture", () => {
    const { events, frames } = receive(createReceiver(), at(0), media(100, { keyframe: true }));
    expect(events).toEqual([{ kind: "stream-started", ssrc: SSRC, remote: HOME, codec: "h264", payloadType: 96 }]);
    expect(frames).toMatchObject([{ codec: "h264", keyframe: true, firstArrival: at(0), repaired: false }]);
  });

  test("in the middle of a stream, a keyframe is asked for until it comes", () => {
    const receiver = createReceiver();
    receive(receiver, at(0), media(7));
    const { events, frames, rtcp } = receive(receiver, at(1), media(8));
    expect(events.map(({ kind }) => kind)).toEqual(["stream-started"]);
    expect(frames).toEqual([]);
    expect(rtcp[1]).toMatchObject({ kind: "receiver-report", ssrc: VIEWER, reports: [{ ssrc: SSRC }] });
    const steps = [{ ms: 1, drained: { events, frames, rtcp, timeout: NEVER } }, ...runUntil(receiver, at(2), at(350))];
    expect(timesOf(steps, "pli")).toEqual([1, 101, 201, 301]);
    expect(receive(receiver, at(360), media(9, { keyframe: true })).frames).toHaveLength(1);
    expect(timesOf(runUntil(receiver, at(361), at(3_000)), "pli")).toEqual([]);
  });

  test("a report alone brings a keyframe, for a picture that stands still", () => {
    const { rtcp, events } = receiveRtcp(createReceiver(), at(0), [senderReport(at(0))]);
    expect(events).toEqual([]);
    expect(rtcp.map(({ kind }) => kind)).toEqual(["receiver-report", "source-description", "extended-report", "pli"]);
    expect(rtcp.at(-1)).toEqual({ kind: "pli", senderSsrc: VIEWER, mediaSsrc: SSRC });
  });

  test("a sender that has sent nothing yet is not asked", () => {
    expect(receiveRtcp(createReceiver(), at(0), [senderReport(at(0), SSRC, 0)]).rtcp).toEqual([]);
  });

  test("unknown payload types and what is no RTP are counted and nothing else", () => {
    const receiver = createReceiver();
    receive(receiver, at(0), { ...media(1, { keyframe: true }), payloadType: 55 });
    for (const datagram of [new Uint8Array(0), new Uint8Array(9).fill(0x80), Uint8Array.of(0x80, 200, 0, 9)]) {
      receiver.handleInput(at(0), { kind: "datagram", datagram, remote: HOME, arrival: at(0) });
    }
    expect(drain(receiver, at(0))).toMatchObject({ events: [], rtcp: [], timeout: NEVER });
    expect(receiver.stats(at(0))).toMatchObject({ ssrc: undefined, datagramsRejected: 4 });
  });
});

describe("other streams", () => {
  test("do not disturb the one that is shown", () => {
    const receiver = showing();
    for (let i = 0; i < 20; i++) {
      expect(receive(receiver, at(10 * i), media(i, { keyframe: true, ssrc: 5 }), ELSEWHERE).events).toEqual([]);
      expect(receive(receiver, at(10 * i), media(500 + i), ELSEWHERE).frames).toEqual([]);
      expect(receive(receiver, at(10 * i), media(101 + i)).frames).toHaveLength(1);
    }
    receiveRtcp(receiver, at(200), [{ kind: "goodbye", ssrcs: [SSRC] }], ELSEWHERE);
    expect(receive(receiver, at(200), media(121)).frames).toHaveLength(1);
  });

  test("a sender that may move is followed by its media and its reports", () => {
    const receiver = showing({ followsSender: true });
    const moved = receive(receiver, at(10), media(102), ELSEWHERE);
    expect(moved.events).toEqual([]);
    // What was still under way arrives from the old address, and leads nowhere.
    expect(receive(receiver, at(12), media(101)).frames).toHaveLength(2);
    receiver.handleInput(at(500), { kind: "timeout" });
    expect(drain(receiver, at(500), ELSEWHERE).rtcp).toMatchObject([{ reports: [{ ssrc: SSRC }] }, {}, {}]);
    const datagram = serializeRtcp([senderReport(at(600))]);
    receiver.handleInput(at(1_100), { kind: "datagram", datagram, remote: "third", arrival: at(1_100) });
    expect(drain(receiver, at(1_100), "third").rtcp).not.toEqual([]);
  });

  test("take over when it has been silent", () => {
    const receiver = showing();
    receive(receiver, at(900), media(1, { ssrc: 5 }), ELSEWHERE);
    receiver.handleInput(at(1_100), {
      kind: "datagram",
      datagram: serializeRtpPacket(media(2, { ssrc: 5 })),
      remote: ELSEWHERE,
      arrival: at(1_100),
    });
    expect(drain(receiver, at(1_100), ELSEWHERE).events).toMatchObject([
      { kind: "stream-started", ssrc: 5, remote: ELSEWHERE },
    ]);
  });
});

describe("repair", () => {
  test("a missing packet is asked for after a millisecond, and its frame is then shown before the next", () => {
    const receiver = showing();
    expect(receive(receiver, at(33), media(102)).frames).toEqual([]);
    const steps = runUntil(receiver, at(33), at(34));
    expect(timesOf(steps, "nack")).toEqual([34]);
    const nack = steps.flatMap(({ drained }) => drained.rtcp).find(({ kind }) => kind === "nack");
    expect(nack).toEqual({ kind: "nack", senderSsrc: VIEWER, mediaSsrc: SSRC, lost: [101] });

    const rtx = wrapRtx(media(101), { ssrc: 77, payloadType: 97, sequenceNumber: sequenceNumber(9) });
    const { frames } = receive(receiver, at(55), rtx);
    expect(frames.map(({ repaired }) => repaired)).toEqual([true, false]);
    expect(receiver.stats(at(55))).toMatchObject({ packetsLost: 1, packetsRepaired: 1, packetsRequested: 1 });
  });

  test("the parameter sets of the first keyframe are asked for if their packet was lost, and nothing is shown without", () => {
    const receiver = createReceiver();
    const idr = (sequence: number, [...fragment]: number[], marker = false) => ({
      ...media(sequence, { frameNumber: 1 }),
      marker,
      payload: Uint8Array.from(fragment),
    });
    receive(receiver, at(0), idr(101, [0x7c, 0x85, 0x88, 1]));
    const { frames, rtcp } = receive(receiver, at(1), idr(102, [0x7c, 0x45, 2], true));
    expect(frames).toEqual([]);
    expect(rtcp).toContainEqual({ kind: "nack", senderSsrc: VIEWER, mediaSsrc: SSRC, lost: [100] });
    const sets = idr(100, [0x78, 0, 4, 0x67, 0x42, 0xc0, 0x1e, 0, 2, 0x68, 0xce]);
    expect(receive(receiver, at(40), sets).frames).toHaveLength(1);
  });

  test("an announcement shows that the last packets are lost", () => {
    const receiver = showing();
    receiveRtcp(receiver, at(5), [toApplicationPacket({ ssrc: SSRC, sequenceNumber: sequenceNumber(102) })]);
    const steps = runUntil(receiver, at(5), at(10));
    const lost = steps.flatMap(({ drained }) =>
      drained.rtcp.flatMap((packet) => (packet.kind === "nack" ? packet.lost : [])),
    );
    expect(lost).toEqual([101, 102]);
  });

  test("a hole that stays is given up, and nothing that depends on it is shown", () => {
    const receiver = showing();
    receive(receiver, at(33), media(102));
    const steps = runUntil(receiver, at(34), at(400));
    expect(timesOf(steps, "pli")[0]).toBe(158);
    expect(steps.flatMap(({ drained }) => drained.frames)).toEqual([]);
    expect(receive(receiver, at(401), media(103)).frames).toEqual([]);
    expect(receive(receiver, at(420), media(104, { keyframe: true })).frames).toMatchObject([{ keyframe: true }]);
    expect(receive(receiver, at(433), media(105)).frames).toHaveLength(1);
    expect(receiver.stats(at(433)).framesDropped).toBe(2);
  });

  test("a keyframe overtakes a hole at once", () => {
    const receiver = showing();
    receive(receiver, at(33), media(102));
    expect(receive(receiver, at(40), media(103, { keyframe: true })).frames).toHaveLength(1);
    expect(timesOf(runUntil(receiver, at(41), at(400)), "nack")).toEqual([]);
  });

  test("a decoder that fails gets a keyframe", () => {
    const receiver = showing();
    receiver.handleInput(at(10), { kind: "keyframe-needed" });
    expect(drain(receiver, at(10)).rtcp).toMatchObject([{ kind: "pli" }]);
    expect(receive(receiver, at(33), media(101)).frames).toEqual([]);
    expect(receive(receiver, at(66), media(102, { keyframe: true })).frames).toHaveLength(1);
  });

  test("a sender that counts anew is followed", () => {
    const receiver = showing();
    expect(receive(receiver, at(33), media(40_000, { keyframe: true, frameNumber: 101 })).frames).toEqual([]);
    expect(receive(receiver, at(66), media(40_001, { frameNumber: 102 })).frames).toHaveLength(2);
    expect(receiver.stats(at(66)).packetsRequested).toBe(0);
  });
});

describe("reports", () => {
  test("quickly until the round trip is known, then twice a second", () => {
    const receiver = showing();
    const before = runUntil(receiver, at(1), at(250));
    expect(timesOf(before, "receiver-report")).toEqual([100, 200]);
    const reference = before.flatMap(({ drained }) => drained.rtcp).findLast(({ kind }) => kind === "extended-report");
    expect(reference).toMatchObject({ blocks: [{ kind: "rrtr", ntp: toNtp(at(200)) }] });

    const answer = { ssrc: VIEWER, lastRr: compactNtp(toNtp(at(200))), delaySinceLastRr: millis(30) };
    const dlrr: RtcpPacket = { kind: "extended-report", ssrc: SSRC, blocks: [{ kind: "dlrr", items: [answer] }] };
    receiveRtcp(receiver, at(250), [senderReport(at(240)), dlrr]);
    expect(receiver.stats(at(250)).roundTripMs).toBeCloseTo(20, 1);
    const after = runUntil(receiver, at(251), at(1_400));
    expect(timesOf(after, "receiver-report")).toEqual([300, 800, 1_300]);
  });

  test("a report tells of loss, the last sender report and its age", () => {
    const receiver = showing();
    receive(receiver, at(33), media(104));
    receiveRtcp(receiver, at(60), [senderReport(at(50))]);
    const steps = runUntil(receiver, at(61), at(100));
    const report = steps.flatMap(({ drained }) => drained.rtcp).find(({ kind }) => kind === "receiver-report");
    expect(report).toMatchObject({
      ssrc: VIEWER,
      reports: [{ ssrc: SSRC, packetsLost: 3, highestSequence: 0x1_0000 + 104, lastSr: compactNtp(toNtp(at(50))) }],
    });
  });

  test("arrivals are told where packets are counted", () => {
    const receiver = createReceiver();
    const counted = (sequence: number) => ({
      extensions: [
        {
          id: DEFAULT_EXTENSION_MAP.transportSequenceNumber,
          data: writeTransportSequenceNumber(sequenceNumber(sequence)),
        },
      ],
    });
    receive(receiver, at(0), media(100, { keyframe: true, ...counted(5) }));
    receive(receiver, at(3), media(101, counted(7)));
    const steps = runUntil(receiver, at(4), at(150));
    const [message] = steps.flatMap(({ drained }) => drained.rtcp).filter(({ kind }) => kind === "transport-feedback");
    expect(timesOf(steps, "transport-feedback")).toEqual([5]);
    expect(message).toMatchObject({ baseSequenceNumber: 5, mediaSsrc: SSRC });
    const arrivals = message?.kind === "transport-feedback" ? message.packets.map(({ arrival }) => arrival) : [];
    expect(arrivals[1]).toBeUndefined();
    expect(arrivals[2]! - arrivals[0]!).toBe(3_000);
  });
});

describe("time", () => {
  test("capture times come in the receiver's clock once it is known", () => {
    const receiver = createReceiver();
    const ahead = seconds(5);
    const captured = (ms: number) => ({
      extensions: [{ id: DEFAULT_EXTENSION_MAP.absCaptureTime, data: writeAbsCaptureTime({ captureTime: at(ms) }) }],
    });
    const later5 = (ms: number) => later(at(ms), ahead);
    const first = receive(receiver, later5(10), media(100, { keyframe: true, ...captured(0) })).frames[0]!;
    expect(first).toMatchObject({ captureTime: later5(10), captureTimeKnown: false });

    const answer = { ssrc: VIEWER, lastRr: compactNtp(toNtp(later5(10))), delaySinceLastRr: micros(0) };
    const dlrr: RtcpPacket = { kind: "extended-report", ssrc: SSRC, blocks: [{ kind: "dlrr", items: [answer] }] };
    receiveRtcp(receiver, later5(30), [senderReport(at(20)), dlrr]);
    const second = receive(receiver, later5(43), media(101, captured(33))).frames[0]!;
    expect(second.captureTimeKnown).toBe(true);
    expect(Math.abs(second.captureTime - later5(33))).toBeLessThan(100);
  });

  test("silence is told, and its end; a report is enough", () => {
    const receiver = showing();
    const events = runUntil(receiver, at(1), at(5_000)).flatMap(({ ms, drained }) =>
      drained.events.map((event) => ({ ms, event })),
    );
    expect(events).toEqual([{ ms: 2_000, event: { kind: "stream-silent", since: at(0) } }]);
    expect(receiveRtcp(receiver, at(5_001), [senderReport(at(5_000))]).events).toEqual([{ kind: "stream-resumed" }]);
  });
});

describe("the end", () => {
  test("goodbye ends the stream; another may begin at once", () => {
    const receiver = showing();
    const { events, timeout } = receiveRtcp(receiver, at(10), [{ kind: "goodbye", ssrcs: [SSRC] }]);
    expect(events).toEqual([{ kind: "stream-ended", reason: "bye" }]);
    expect(timeout).toBe(NEVER);
    expect(receive(receiver, at(11), media(101)).events).toEqual([]);
    expect(receive(receiver, at(12), media(1, { keyframe: true, ssrc: 6 })).events).toMatchObject([{ ssrc: 6 }]);
  });

  test("a viewer that leaves says goodbye, and nothing after", () => {
    const receiver = showing();
    receiver.handleInput(at(10), { kind: "close" });
    const { rtcp, timeout } = drain(receiver, at(10));
    expect(rtcp.map(({ kind }) => kind)).toEqual([
      "receiver-report",
      "source-description",
      "extended-report",
      "goodbye",
    ]);
    expect(timeout).toBe(NEVER);
    expect(receive(receiver, at(11), media(101))).toMatchObject({ frames: [], rtcp: [] });
  });
});
