import type { EncodedFrame } from "../frame.js";
import type { Packetizer } from "./payload-format.js";

/** What was made of a frame. */
interface MadePayloads {
  readonly maxPayloadSize: number;
  readonly payloads: Uint8Array[];
}

/**
 * Packetizes a frame once for all senders that are given it: what differs between viewers stands before the payload. So
 * neither a frame nor its payloads may be changed.
 */
export function sharePayloads(packetizer: Packetizer): Packetizer {
  const made = new WeakMap<EncodedFrame, MadePayloads>();
  return {
    packetize(frame, maxPayloadSize) {
      const known = made.get(frame);
      if (known?.maxPayloadSize === maxPayloadSize) return known.payloads;
      const payloads = packetizer.packetize(frame, maxPayloadSize);
      made.set(frame, { maxPayloadSize, payloads });
      return payloads;
    },
  };
}
