import { describe, expect, test } from "vitest";
import {
  at,
  createSender,
  drain,
  feedback,
  frame,
  PLI,
  runUntil,
  SSRC,
  send,
} from "../../../test/support/sender-harness.js";
import type { EncodedFrame } from "../frame.js";
import {
  DEFAULT_EXTENSION_MAP,
  findExtension,
  type RtpPacket,
  readAbsCaptureTime,
  readPlayoutDelay,
  readTransportSequenceNumber,
  rtpTimestamp,
  sequenceNumber,
} from "../rtp/index.js";
import { NEVER } from "../time.js";

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
