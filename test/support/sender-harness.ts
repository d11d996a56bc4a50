import type { EncodedFrame } from "../../src/core/frame.js";
import { SeededRng } from "../../src/core/random.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "../../src/core/rtcp/index.js";
import {
  DEFAULT_EXTENSION_MAP,
  isRtcp,
  parseRtpPacket,
  type RtpPacket,
  sequenceNumber,
} from "../../src/core/rtp/index.js";
import { RtpSender } from "../../src/core/session/rtp-sender.js";
import type { RtpSenderOptions, SenderEvent } from "../../src/core/session/sender-types.js";
import { type Micros, micros } from "../../src/core/time.js";
import { drainOutputs, wakeUntil } from "./state-machine.js";

export { at, START } from "./state-machine.js";

export const SSRC = 0x1111_1111;
export const RTX_SSRC = 0x2222_2222;
export const VIEWER = 0x9999_9999;

export function createSender(options: Partial<RtpSenderOptions> = {}): RtpSender {
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

export function frame(captureTime: Micros, { size = 3_000, keyframe = false } = {}): EncodedFrame {
  const data = new Uint8Array(size).fill(0x55);
  data.set([0, 0, 0, 1, keyframe ? 0x65 : 0x41, 0x88]);
  return { codec: "h264", data, keyframe, captureTime };
}

/** What a sender gave out until it had nothing more. */
export interface Drained {
  readonly rtp: RtpPacket[];
  readonly rtcp: RtcpPacket[];
  readonly events: SenderEvent[];
  readonly timeout: Micros;
}

/** Polls as the drain rule says, and checks that the sender keeps to it. */
export function drain(sender: RtpSender, now: Micros): Drained {
  const { outputs, timeout } = drainOutputs(sender, now);
  const rtp: RtpPacket[] = [];
  const rtcp: RtcpPacket[] = [];
  const events: SenderEvent[] = [];
  for (const output of outputs) {
    if (output.kind === "event") events.push(output.event);
    else if (isRtcp(output.datagram)) rtcp.push(...parseRtcp(output.datagram)!);
    else rtp.push(parseRtpPacket(output.datagram)!);
  }
  return { rtp, rtcp, events, timeout };
}

/** Wakes the sender at each of its timeouts until `end`, and returns what came with its times in ms after the start. */
export function runUntil(sender: RtpSender, from: Micros, end: Micros): { ms: number; drained: Drained }[] {
  return wakeUntil(from, end, (now) => {
    sender.handleInput(now, { kind: "timeout" });
    return drain(sender, now);
  });
}

export function send(sender: RtpSender, now: Micros, options?: { size?: number; keyframe?: boolean }): Drained {
  sender.handleInput(now, { kind: "frame", frame: frame(now, options) });
  return drain(sender, now);
}

export function feedback(sender: RtpSender, now: Micros, ...packets: RtcpPacket[]): Drained {
  sender.handleInput(now, { kind: "datagram", datagram: serializeRtcp(packets) });
  return drain(sender, now);
}

export const PLI: RtcpPacket = { kind: "pli", senderSsrc: VIEWER, mediaSsrc: SSRC };

export function nack(...lost: number[]): RtcpPacket {
  return { kind: "nack", senderSsrc: VIEWER, mediaSsrc: SSRC, lost: lost.map(sequenceNumber) };
}

export function receiverReport(lastSr = 0, delaySinceLastSr = micros(0)): RtcpPacket {
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
