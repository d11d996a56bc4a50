import { describe, expect, test } from "vitest";
import type { EncodedFrame } from "../frame.js";
import { fromApplicationPacket } from "../nack/index.js";
import { SeededRng } from "../random.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "../rtcp/index.js";
import {
  compactNtp,
  DEFAULT_EXTENSION_MAP,
  findExtension,
  isRtcp,
  parseRtpPacket,
  type RtpPacket,
  readAbsCaptureTime,
  readPlayoutDelay,
  readTransportSequenceNumber,
  rtpTimestamp,
  type SequenceNumber,
  sequenceNumber,
  toNtp,
} from "../rtp/index.js";
import { later, type Micros, micros, millis, NEVER, seconds } from "../time.js";
import { RtpSender } from "./rtp-sender.js";
import type { RtpSenderOptions, SenderEvent } from "./sender-types.js";

const START = seconds(1_700_000_000);
const SSRC = 0x1111_1111;
const RTX_SSRC = 0x2222_2222;
const VIEWER = 0x9999_9999;

function at(ms: number): Micros {
  return later(START, millis(ms));
}

function createSender(options: Partial<RtpSenderOptions> = {}): RtpSender {
  return new RtpSender({
    codec: "h264",
    ssrc: SSRC,
    rtxSsrc: RTX_SSRC,
    payloadType: 96,
    rtxPayloadType: 97,
    extensions: DEFAULT_EXTENSION_MAP,
    cname: "test",
    rng: new SeededRng(1),
    bitrateBps: 8e6,
    ...options,
  });
}

function frame(captureTime: Micros, { size = 3_000, keyframe = false } = {}): EncodedFrame {
  const data = new Uint8Array(size).fill(0x55);
  data.set([0, 0, 0, 1, keyframe ? 0x65 : 0x41, 0x88]);
  return { codec: "h264", data, keyframe, captureTime };
}

/** What a sender gave out until it had nothing more. */
interface Drained {
  readonly rtp: RtpPacket[];
  readonly rtcp: RtcpPacket[];
  readonly events: SenderEvent[];
  readonly timeout: Micros;
}

/** Polls as the drain rule says, and checks that the sender keeps to it. */
function drain(sender: RtpSender, now: Micros): Drained {
  const rtp: RtpPacket[] = [];
  const rtcp: RtcpPacket[] = [];
  const events: SenderEvent[] = [];
  for (;;) {
    const output = sender.pollOutput(now);
    if (output.kind === "timeout") {
      expect(output.at).toBeGreaterThan(now);
      expect(sender.pollOutput(now)).toEqual(output);
      return { rtp, rtcp, events, timeout: output.at };
    }
    if (output.kind === "event") events.push(output.event);
    else if (isRtcp(output.datagram)) rtcp.push(...parseRtcp(output.datagram)!);
    else rtp.push(parseRtpPacket(output.datagram)!);
  }
}

/** Wakes the sender at each of its timeouts until `end`, and returns what came with its times in ms after the start. */
function runUntil(sender: RtpSender, from: Micros, end: Micros): { ms: number; drained: Drained }[] {
  const steps: { ms: number; drained: Drained }[] = [];
  for (let now = from; now <= end; ) {
    sender.handleInput(now, { kind: "timeout" });
    const drained = drain(sender, now);
    steps.push({ ms: (now - START) / 1_000, drained });
    now = drained.timeout;
  }
  return steps;
}

function send(sender: RtpSender, now: Micros, options?: { size?: number; keyframe?: boolean }): Drained {
  sender.handleInput(now, { kind: "frame", frame: frame(now, options) });
  return drain(sender, now);
}

function feedback(sender: RtpSender, now: Micros, ...packets: RtcpPacket[]): Drained {
  sender.handleInput(now, { kind: "datagram", datagram: serializeRtcp(packets) });
  return drain(sender, now);
}

const PLI: RtcpPacket = { kind: "pli", senderSsrc: VIEWER, mediaSsrc: SSRC };

function nack(...lost: number[]): RtcpPacket {
  return { kind: "nack", senderSsrc: VIEWER, mediaSsrc: SSRC, lost: lost.map(sequenceNumber) };
}

function receiverReport(lastSr = 0, delaySinceLastSr = micros(0)): RtcpPacket {
  const block = {
    ssrc: SSRC,
    fractionLost: 0.25,
    packetsLost: 3,
    highestSequence: 5,
    jitter: 90,
    lastSr,
    delaySinceLastSr,
  };
  return { kind: "receiver-report", ssrc: VIEWER, reports: [block] };
}

describe("media", () => {
  test("a frame leaves at once as packets in sequence, the last marked", () => {
    const sender = createSender();
    const { rtp } = send(sender, at(0), { keyframe: true });
    expect(rtp).toHaveLength(3);
    expect(rtp.map(({ marker }) => marker)).toEqual([false, false, true]);
    expect(rtp.every(({ ssrc, payloadType }) => ssrc === SSRC && payloadType === 96)).toBe(true);
    expect(rtp[2]!.sequenceNumber).toBe(sequenceNumber(rtp[0]!.sequenceNumber + 2));
    expect(new Set(rtp.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(rtp.every(({ payload }) => payload.length <= 1_200)).toBe(true);
  });

  test("timestamps follow capture times", () => {
    const sender = createSender();
    const first = send(sender, at(0)).rtp[0]!;
    const second = send(sender, at(40)).rtp[0]!;
    expect(second.timestamp).toBe(rtpTimestamp(first.timestamp + 3_600));
  });

  test("extensions: every packet is counted, the edges tell the capture time, keyframes are to be shown at once", () => {
    const sender = createSender();
    const keyframe = send(sender, at(0), { keyframe: true }).rtp;
    const other = send(sender, at(33)).rtp;
    const value = <T>(packet: RtpPacket, id: number, read: (data: Uint8Array) => T) => {
      const data = findExtension(packet.extensions, id);
      return data && read(data);
    };
    const { transportSequenceNumber, absCaptureTime, playoutDelay } = DEFAULT_EXTENSION_MAP;
    const counted = [...keyframe, ...other].map((p) => value(p, transportSequenceNumber, readTransportSequenceNumber));
    expect(counted).toEqual([0, 1, 2, 3, 4, 5]);
    const captured = [...keyframe, ...other].map((p) => value(p, absCaptureTime, readAbsCaptureTime)?.captureTime);
    expect(captured).toEqual([at(0), undefined, at(0), at(33), undefined, at(33)]);
    const delays = [...keyframe, ...other].map((p) => value(p, playoutDelay, readPlayoutDelay)?.max);
    expect(delays).toEqual([0, undefined, 0, undefined, undefined, undefined]);
  });

  test("without extensions packets carry none", () => {
    const { rtp } = send(createSender({ extensions: {} }), at(0), { keyframe: true });
    expect(rtp.every(({ extensions }) => extensions.length === 0)).toBe(true);
  });

  test("a large frame is paced", () => {
    const sender = createSender();
    const { rtp, timeout } = send(sender, at(0), { size: 480_000, keyframe: true });
    expect(rtp.length).toBeLessThanOrEqual(41);
    expect(timeout).toBeLessThanOrEqual(at(2));
    expect(sender.stats(at(0)).pacerQueuePackets).toBeGreaterThan(350);
    const rest = runUntil(sender, timeout, at(60)).flatMap(({ drained }) => drained.rtp);
    expect(rest.at(-1)!.marker).toBe(true);
    expect(sender.stats(at(60))).toMatchObject({ pacerQueuePackets: 0, packetsSent: rtp.length + rest.length });
  });

  test("a frame that cannot be carried throws and costs nothing", () => {
    const sender = createSender();
    const broken: EncodedFrame = { ...frame(at(0)), data: Uint8Array.of(1, 2, 3) };
    expect(() => sender.handleInput(at(0), { kind: "frame", frame: broken })).toThrow(
      expect.objectContaining({ code: "invalid-data" }),
    );
    expect(drain(sender, at(0)).timeout).toBe(NEVER);
    expect(sender.stats(at(0)).framesSent).toBe(0);
  });
});

describe("reports", () => {
  test("nothing is said before the first frame", () => {
    expect(drain(createSender(), at(0))).toMatchObject({ rtcp: [], timeout: NEVER });
  });

  test("reports come every 100 ms until someone answers, then twice a second", () => {
    const sender = createSender();
    send(sender, at(0));
    const reportTimes = (from: number, to: number) =>
      runUntil(sender, at(from), at(to)).flatMap(({ ms, drained }) =>
        drained.rtcp.some(({ kind }) => kind === "sender-report") ? [ms] : [],
      );
    expect(reportTimes(1, 450)).toEqual([100, 200, 300, 400]);
    feedback(sender, at(450), receiverReport());
    expect(reportTimes(451, 2_000)).toEqual([500, 1_000, 1_500, 2_000]);
  });

  test("a report tells the clock, what was sent and how far", () => {
    const sender = createSender();
    const { rtp } = send(sender, at(0));
    const [report, description, highest] = runUntil(sender, at(1), at(100)).at(-1)!.drained.rtcp;
    expect(report).toMatchObject({
      kind: "sender-report",
      ssrc: SSRC,
      ntp: toNtp(at(100)),
      rtpTimestamp: rtpTimestamp(rtp[0]!.timestamp + 9_000),
      packetCount: 3,
      octetCount: rtp.reduce((size, { payload }) => size + payload.length, 0),
    });
    expect(description).toMatchObject({
      kind: "source-description",
      chunks: [{ ssrc: SSRC, items: [{ text: "test" }] }],
    });
    expect(highest?.kind === "unknown" && fromApplicationPacket(highest)).toEqual({
      ssrc: SSRC,
      sequenceNumber: rtp[2]!.sequenceNumber,
    });
  });

  test("a receiver's reference time is answered soon, with the delay", () => {
    const sender = createSender();
    send(sender, at(0));
    runUntil(sender, at(1), at(110));
    const ntp = toNtp(at(105));
    const reference: RtcpPacket = { kind: "extended-report", ssrc: VIEWER, blocks: [{ kind: "rrtr", ntp }] };
    feedback(sender, at(120), receiverReport(), reference);
    const answers = runUntil(sender, at(121), at(150)).flatMap(({ ms, drained }) =>
      drained.rtcp.flatMap((packet) => (packet.kind === "extended-report" ? [{ ms, blocks: packet.blocks }] : [])),
    );
    expect(answers).toMatchObject([
      { ms: 150, blocks: [{ kind: "dlrr", items: [{ ssrc: VIEWER, lastRr: compactNtp(ntp) }] }] },
    ]);
    const [block] = answers[0]!.blocks;
    const delay = block?.kind === "dlrr" ? block.items[0]!.delaySinceLastRr : Number.NaN;
    expect(Math.abs(delay - 30_000)).toBeLessThan(20);
  });

  test("the round trip follows from the answers to reports", () => {
    const sender = createSender();
    send(sender, at(0));
    const sentAt = toNtp(at(0));
    feedback(sender, at(40), receiverReport(compactNtp(sentAt), millis(15)));
    const [quality] = sender.stats(at(40)).receivers;
    expect(quality).toMatchObject({ ssrc: VIEWER, fractionLost: 0.25, jitterMs: 1 });
    expect(quality!.roundTripMs).toBeCloseTo(25, 0);
  });
});

describe("repair", () => {
  function lose(sender: RtpSender): { lost: SequenceNumber; original: RtpPacket } {
    const original = send(sender, at(0)).rtp[1]!;
    return { lost: original.sequenceNumber, original };
  }

  test("what is asked for is sent again at once, on the stream for it", () => {
    const sender = createSender();
    const { lost, original } = lose(sender);
    const { rtp } = feedback(sender, at(20), nack(lost));
    expect(rtp).toHaveLength(1);
    expect(rtp[0]).toMatchObject({ ssrc: RTX_SSRC, payloadType: 97, timestamp: original.timestamp });
    expect([...rtp[0]!.payload]).toEqual([lost >> 8, lost & 0xff, ...original.payload]);
    expect(sender.stats(at(20))).toMatchObject({ packetsSent: 3, packetsRetransmitted: 1, packetsRequested: 1 });
  });

  test("without a stream for it, as it was", () => {
    const sender = new RtpSender({
      codec: "h264",
      ssrc: SSRC,
      rtxSsrc: RTX_SSRC,
      payloadType: 96,
      extensions: {},
      cname: "test",
      rng: new SeededRng(1),
      bitrateBps: 8e6,
    });
    const { lost, original } = lose(sender);
    expect(feedback(sender, at(20), nack(lost)).rtp).toEqual([original]);
  });

  test("a packet that is on its way is not sent twice", () => {
    const sender = createSender();
    const { lost } = lose(sender);
    feedback(sender, at(20), receiverReport(compactNtp(toNtp(at(0))), micros(0)), nack(lost));
    expect(feedback(sender, at(30), nack(lost)).rtp).toEqual([]);
    expect(feedback(sender, at(40), nack(lost)).rtp).toHaveLength(1);
  });

  test("what was never sent, or is another stream's, is not", () => {
    const sender = createSender();
    const { lost } = lose(sender);
    expect(feedback(sender, at(20), nack(lost + 100)).rtp).toEqual([]);
    expect(feedback(sender, at(20), { ...(nack(lost) as object), mediaSsrc: 7 } as RtcpPacket).rtp).toEqual([]);
  });

  test("asking for everything all the time does not multiply the traffic", () => {
    const sender = createSender();
    const sequences: number[] = [];
    let sentAgain = 0;
    for (let ms = 0; ms < 2_000; ms += 10) {
      sequences.push(...send(sender, at(ms), { size: 12_000 }).rtp.map((packet) => packet.sequenceNumber));
      const { rtp } = feedback(sender, at(ms + 5), nack(...sequences.slice(-500)));
      sentAgain += rtp.reduce((size, { payload }) => size + payload.length, 0);
    }
    // A million bytes at once, and then the target bitrate.
    expect(sentAgain).toBeLessThan(1_000_000 + 2 * 1_000_000 + 50_000);
  });

  test("the end of a frame is announced to those who repair on a lossy path, until something follows", () => {
    const sender = createSender();
    const lost = send(sender, at(0)).rtp.at(-1)!.sequenceNumber;
    feedback(sender, at(10), receiverReport(), {
      kind: "extended-report",
      ssrc: VIEWER,
      blocks: [{ kind: "rrtr", ntp: toNtp(at(0)) }],
    });
    feedback(sender, at(20), nack(lost));
    const { rtp } = send(sender, at(60));
    const announcements = runUntil(sender, at(61), at(140)).flatMap(({ ms, drained }) =>
      drained.rtcp.flatMap((packet) => (packet.kind === "unknown" ? [{ ms, ...fromApplicationPacket(packet) }] : [])),
    );
    const { sequenceNumber: highest } = rtp.at(-1)!;
    const expected = [65, 80, 120].map((ms) => ({ ms, ssrc: SSRC, sequenceNumber: highest }));
    expect(announcements).toEqual(expected);
  });
});

describe("keyframes", () => {
  test("PLI and FIR reach the encoder, not more than five times a second", () => {
    const sender = createSender();
    send(sender, at(0));
    const requested = (drained: Drained) => drained.events.filter(({ kind }) => kind === "keyframe-requested");
    expect(requested(feedback(sender, at(10), PLI))).toEqual([{ kind: "keyframe-requested", reason: "pli" }]);
    expect(requested(feedback(sender, at(100), PLI))).toEqual([]);
    const fir = (commandSequence: number): RtcpPacket => ({
      kind: "fir",
      senderSsrc: VIEWER,
      mediaSsrc: 0,
      requests: [{ ssrc: SSRC, commandSequence }],
    });
    expect(requested(feedback(sender, at(300), fir(1)))).toEqual([{ kind: "keyframe-requested", reason: "fir" }]);
    expect(requested(feedback(sender, at(600), fir(1)))).toEqual([]);
    expect(requested(feedback(sender, at(601), fir(2)))).toHaveLength(1);
    expect(sender.stats(at(601)).keyframesRequested).toBe(3);
  });

  test("requests for other streams do not", () => {
    const sender = createSender();
    send(sender, at(0));
    expect(feedback(sender, at(10), { kind: "pli", senderSsrc: VIEWER, mediaSsrc: 5 }).events).toEqual([]);
  });
});

test("transport feedback counts whichever of the sender's streams it names", () => {
  const tellsOf = (mediaSsrc: number) => {
    const sender = createSender({ fecSsrc: SSRC + 2 });
    send(sender, at(0));
    const message: RtcpPacket = {
      kind: "transport-feedback",
      senderSsrc: VIEWER,
      mediaSsrc,
      baseSequenceNumber: sequenceNumber(0),
      feedbackCount: 0,
      referenceTime: micros(0),
      packets: [{ sequenceNumber: sequenceNumber(0), arrival: at(5) }],
    };
    return feedback(sender, at(10), message).events.map(({ kind }) => kind);
  };
  for (const ssrc of [SSRC, SSRC + 2]) expect(tellsOf(ssrc)).toContain("receiver-appeared");
  expect(tellsOf(SSRC + 100)).toEqual([]);
});

describe("receivers", () => {
  function kinds(steps: { drained: Drained }[]): string[] {
    return steps.flatMap(({ drained }) => drained.events.map(({ kind }) => kind));
  }

  test("they appear, leave and fall silent", () => {
    const sender = createSender();
    send(sender, at(0));
    expect(feedback(sender, at(10), receiverReport()).events).toEqual([{ kind: "receiver-appeared", ssrc: VIEWER }]);
    expect(feedback(sender, at(500), receiverReport()).events).toEqual([]);
    expect(kinds(runUntil(sender, at(501), at(5_499)))).toEqual([]);
    expect(kinds(runUntil(sender, at(5_500), at(20_000)))).toEqual(["receiver-silent"]);
    expect(feedback(sender, at(20_001), receiverReport()).events).toMatchObject([{ kind: "receiver-appeared" }]);
    const goodbye: RtcpPacket = { kind: "goodbye", ssrcs: [VIEWER] };
    expect(feedback(sender, at(20_100), goodbye).events).toEqual([{ kind: "receiver-left", ssrc: VIEWER }]);
  });

  test("that nobody ever answers is told once", () => {
    const sender = createSender();
    send(sender, at(0));
    expect(kinds(runUntil(sender, at(1), at(2_999)))).toEqual([]);
    expect(kinds(runUntil(sender, at(3_000), at(60_000)))).toEqual(["receiver-silent"]);
  });
});

describe("the end", () => {
  test("it says goodbye with a last report, and nothing after", () => {
    const sender = createSender();
    send(sender, at(0), { size: 480_000 });
    sender.handleInput(at(1), { kind: "close" });
    const { rtcp, rtp, timeout } = drain(sender, at(1));
    expect(rtcp.map(({ kind }) => kind)).toEqual(["sender-report", "source-description", "unknown", "goodbye"]);
    expect(rtp).toEqual([]);
    expect(timeout).toBe(NEVER);
    expect(send(sender, at(2))).toMatchObject({ rtp: [], rtcp: [] });
    expect(feedback(sender, at(3), PLI).events).toEqual([]);
  });

  test("one that never sent has nothing to say", () => {
    const sender = createSender();
    sender.handleInput(at(0), { kind: "close" });
    expect(drain(sender, at(0))).toMatchObject({ rtp: [], rtcp: [], timeout: NEVER });
  });
});

test("datagrams that are no RTCP are counted", () => {
  const sender = createSender();
  for (const datagram of [new Uint8Array(0), new Uint8Array(100), Uint8Array.of(0x80, 200, 0, 9)]) {
    sender.handleInput(at(0), { kind: "datagram", datagram });
  }
  expect(sender.stats(at(0)).datagramsRejected).toBe(3);
});
