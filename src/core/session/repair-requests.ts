import type { FeedbackStreams, RtcpPacket } from "../rtcp/index.js";
import type { SequenceNumber } from "../rtp/index.js";

/** Packets named in one request: it fits any path's MTU even if no two of them are neighbours. */
const MAX_NACK_PACKETS = 256;

/** What a receiver asks of a sender. */
export interface RepairRequests {
  /** Packets to be sent again, ascending. */
  readonly lost: readonly SequenceNumber[];
  /** A keyframe. */
  readonly keyframe: boolean;
}

/** The messages that ask for it (RFC 4585 §6.2.1, §6.3.1), each small enough to be a datagram of its own (RFC 5506). */
export function toRepairMessages({ lost, keyframe }: RepairRequests, streams: FeedbackStreams): RtcpPacket[] {
  const messages: RtcpPacket[] = [];
  for (let from = 0; from < lost.length; from += MAX_NACK_PACKETS) {
    messages.push({ kind: "nack", ...streams, lost: lost.slice(from, from + MAX_NACK_PACKETS) });
  }
  if (keyframe) messages.push({ kind: "pli", ...streams });
  return messages;
}
