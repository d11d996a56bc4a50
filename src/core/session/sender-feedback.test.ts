import { describe, expect, test } from "vitest";
import {
  at,
  createSender,
  type Drained,
  drain,
  feedback,
  nack,
  PLI,
  RTX_SSRC,
  receiverReport,
  runUntil,
  SSRC,
  send,
  VIEWER,
} from "../../../test/support/sender-harness.js";
import { fromApplicationPacket } from "../nack/index.js";
import { SeededRng } from "../random.js";
import type { RtcpPacket } from "../rtcp/index.js";
import { compactNtp, type RtpPacket, rtpTimestamp, type SequenceNumber, sequenceNumber, toNtp } from "../rtp/index.js";
import { micros, millis, NEVER } from "../time.js";
import { RtpSender } from "./rtp-sender.js";

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
