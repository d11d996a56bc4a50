import { expect } from "vitest";
import { SeededRng } from "../../src/core/random.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "../../src/core/rtcp/index.js";
import {
  DEFAULT_EXTENSION_MAP,
  DEFAULT_PAYLOAD_TYPES,
  type RtpPacket,
  rtpTimestamp,
  sequenceNumber,
  serializeRtpPacket,
  toNtp,
} from "../../src/core/rtp/index.js";
import type { ReceivedFrame, ReceiverEvent, RtpReceiverOptions } from "../../src/core/session/receiver-types.js";
import { RtpReceiver } from "../../src/core/session/rtp-receiver.js";
import type { Micros } from "../../src/core/time.js";
import { at, drainOutputs, wakeUntil } from "./state-machine.js";

export { at, START } from "./state-machine.js";

export const VIEWER = 0x9999_9999;
export const SSRC = 0x1111_1111;
export const HOME = "192.0.2.1:5004";
export const ELSEWHERE = "198.51.100.9:5004";

export function createReceiver(options: Partial<RtpReceiverOptions> = {}): RtpReceiver {
  return new RtpReceiver({
    rng: new SeededRng(1),
    ssrc: VIEWER,
    cname: "viewer",
    payloadTypes: DEFAULT_PAYLOAD_TYPES,
    extensions: DEFAULT_EXTENSION_MAP,
    ...options,
  });
}

export interface MediaOptions {
  readonly keyframe?: boolean;
  readonly ssrc?: number;
  readonly frameNumber?: number;
  readonly extensions?: RtpPacket["extensions"];
}

/** A frame of one packet: its slice's content is its sequence number. */
export function media(
  sequence: number,
  { keyframe = false, ssrc = SSRC, frameNumber = sequence, extensions = [] }: MediaOptions = {},
): RtpPacket {
  // One payload with SPS, PPS and an IDR slice (RFC 6184 STAP-A), or a lone slice.
  const stapA = [0x78, 0, 4, 0x67, 0x42, 0xc0, 0x1e, 0, 2, 0x68, 0xce, 0, 4, 0x65, 0x88, 0x11, 0x22];
  return {
    payloadType: 96,
    marker: true,
    sequenceNumber: sequenceNumber(sequence),
    timestamp: rtpTimestamp(3_000 * frameNumber),
    ssrc,
    extensions,
    payload: Uint8Array.from(keyframe ? stapA : [0x41, 0x88, 0x10 + (sequence & 0xf), 0x11]),
  };
}

/** What a receiver gave out until it had nothing more. */
export interface Drained {
  readonly rtcp: RtcpPacket[];
  readonly frames: ReceivedFrame[];
  readonly events: ReceiverEvent[];
  readonly timeout: Micros;
}

/** Polls as the drain rule says, and checks that the receiver keeps to it. */
export function drain(receiver: RtpReceiver, now: Micros, expectedRemote = HOME): Drained {
  const { outputs, timeout } = drainOutputs(receiver, now);
  const rtcp: RtcpPacket[] = [];
  const frames: ReceivedFrame[] = [];
  const events: ReceiverEvent[] = [];
  for (const output of outputs) {
    if (output.kind === "transmit") {
      expect(output.remote).toBe(expectedRemote);
      rtcp.push(...parseRtcp(output.datagram)!);
    } else if (output.event.kind === "frame") frames.push(output.event.frame);
    else events.push(output.event);
  }
  return { rtcp, frames, events, timeout };
}

export function receive(receiver: RtpReceiver, now: Micros, packet: RtpPacket, remote = HOME): Drained {
  const datagram = serializeRtpPacket(packet);
  receiver.handleInput(now, { kind: "datagram", datagram, remote, arrival: now });
  return drain(receiver, now);
}

export function receiveRtcp(
  receiver: RtpReceiver,
  now: Micros,
  packets: readonly RtcpPacket[],
  remote = HOME,
): Drained {
  receiver.handleInput(now, { kind: "datagram", datagram: serializeRtcp(packets), remote, arrival: now });
  return drain(receiver, now);
}

/** Wakes the receiver at each of its timeouts until `end`, and returns what came with its times in ms after the start. */
export function runUntil(receiver: RtpReceiver, from: Micros, end: Micros): { ms: number; drained: Drained }[] {
  return wakeUntil(from, end, (now) => {
    receiver.handleInput(now, { kind: "timeout" });
    return drain(receiver, now);
  });
}

/** When messages of one kind were sent. */
export function timesOf(steps: readonly { ms: number; drained: Drained }[], kind: RtcpPacket["kind"]): number[] {
  return steps.flatMap(({ ms, drained }) => drained.rtcp.flatMap((packet) => (packet.kind === kind ? [ms] : [])));
}

export function senderReport(now: Micros, ssrc = SSRC, packetCount = 1): RtcpPacket {
  return {
    kind: "sender-report",
    ssrc,
    ntp: toNtp(now),
    rtpTimestamp: rtpTimestamp(0),
    packetCount,
    octetCount: 0,
    reports: [],
  };
}

/** A receiver that shows the stream since 0 ms: a keyframe with number 100 came. */
export function showing(options: Partial<RtpReceiverOptions> = {}): RtpReceiver {
  const receiver = createReceiver(options);
  receive(receiver, at(0), media(100, { keyframe: true }));
  return receiver;
}
