import { SightlineError } from "../errors.js";
import type { EncodedFrame } from "../frame.js";

/** Cuts the frames of one codec into RTP payloads. Stateless: one packetizer may serve any number of streams. */
export interface Packetizer {
  /**
   * Cuts one frame into RTP payloads, in the order they are to be sent. The sender gives them all one timestamp and sets
   * the marker bit on the last. A payload may be a view of `frame.data`, so it is valid as long as that memory is.
   *
   * @param frame - one whole frame
   * @param maxPayloadSize - the most bytes a payload may have, without the RTP header; from {@link MIN_PAYLOAD_SIZE} to
   *   {@link MAX_PAYLOAD_SIZE}
   * @returns at least one payload, none of them empty
   * @throws SightlineError `invalid-data` if the frame is not what its codec says, `unsupported` if the payload format
   *   cannot carry it, `invalid-argument` if `maxPayloadSize` is out of range
   */
  packetize(frame: EncodedFrame, maxPayloadSize: number): Uint8Array[];
}

/** The smallest payload a {@link Packetizer} can be asked for, in bytes: a JPEG header with its tables and some data. */
export const MIN_PAYLOAD_SIZE = 256;

/** The largest payload, in bytes: what a UDP datagram over IPv4 has room for behind an RTP header of 12 bytes. */
export const MAX_PAYLOAD_SIZE = 65_495;

/**
 * Checks the size a {@link Packetizer} is asked for.
 *
 * @throws SightlineError `invalid-argument` if it is out of range
 */
export function checkMaxPayloadSize(maxPayloadSize: number): void {
  if (!(maxPayloadSize >= MIN_PAYLOAD_SIZE && maxPayloadSize <= MAX_PAYLOAD_SIZE)) {
    const range = `${MIN_PAYLOAD_SIZE} to ${MAX_PAYLOAD_SIZE}`;
    throw new SightlineError(
      "invalid-argument",
      `RTP payloads of ${maxPayloadSize} bytes cannot be made; use ${range}.`,
    );
  }
}

/** Joins the RTP payloads of one stream to frames. Never throws, whatever the bytes. */
export interface Depacketizer {
  /** Every frame can be decoded on its own, so a lost one costs nothing but itself. */
  readonly intraOnly: boolean;

  /**
   * What one payload says about its frame, without the rest of it.
   *
   * @returns undefined if the payload is malformed or of a kind that is not understood
   */
  inspect(payload: Uint8Array): PayloadHints | undefined;

  /**
   * Joins the payloads of one frame.
   *
   * @param payloads - every payload of one timestamp, in sequence order
   * @returns undefined if they are malformed or do not make a frame
   */
  depacketize(payloads: readonly Uint8Array[]): DepacketizedFrame | undefined;
}

/** What one payload says about its frame. */
export interface PayloadHints {
  readonly startsFrame: StartsFrame;
  /** The frame may be one where decoding can start; {@link DepacketizedFrame.keyframe} says for certain. */
  readonly keyframe: boolean;
}

/**
 * Whether a payload is the first of its frame. `maybe`: it can be, but something may come before it in the same frame, such
 * as parameter sets before a slice; only the packet before it tells.
 */
export type StartsFrame = "yes" | "maybe" | "no";

/** A frame joined from its payloads. */
export interface DepacketizedFrame {
  /** H.264: an access unit in Annex B form. JPEG: a whole JFIF file. Memory of its own, never a view of a payload. */
  readonly data: Uint8Array;
  /** Decoding can start here. */
  readonly keyframe: boolean;
}
