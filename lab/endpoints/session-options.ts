import {
  DEFAULT_EXTENSION_MAP,
  DEFAULT_FEC_PAYLOAD_TYPE,
  DEFAULT_PAYLOAD_TYPES,
  type RtpReceiverOptions,
  type RtpSenderOptions,
  SeededRng,
} from "sightline/core";

/** What sender and receiver use against a bad network. */
export interface Mechanisms {
  /** `fixed` keeps the start bitrate, `gcc` follows the path. */
  readonly congestion: "fixed" | "gcc";
  /** How frames are protected once losses are seen. */
  readonly protection: "none" | "reed-solomon";
}

/** The one place where mechanisms are switched on: for every scenario that does not say otherwise. */
export const DEFAULT_MECHANISMS: Mechanisms = { congestion: "gcc", protection: "reed-solomon" };

/** What a stream starts with, and keeps without congestion control. */
export const START_BITRATE_BPS = 8e6;

/** What the sender of a scenario is made from. */
export function senderOptions({
  seed,
  rtx,
  mechanisms,
}: {
  readonly seed: number;
  readonly rtx: boolean;
  readonly mechanisms: Mechanisms;
}): RtpSenderOptions {
  const rng = new SeededRng(seed);
  return {
    codec: "h264",
    ssrc: rng.uint32(),
    rtxSsrc: rng.uint32(),
    payloadType: 96,
    ...(rtx && { rtxPayloadType: 97 }),
    ...(mechanisms.protection !== "none" && { fecSsrc: rng.uint32(), fecPayloadType: DEFAULT_FEC_PAYLOAD_TYPE }),
    extensions: DEFAULT_EXTENSION_MAP,
    cname: `sender-${seed}`,
    rng,
    bitrateBps: START_BITRATE_BPS,
    ...(mechanisms.congestion === "gcc" && { congestion: { kind: "gcc", startBitrateBps: START_BITRATE_BPS } }),
  };
}

/** What the receiver of a scenario is made from. */
export function receiverOptions({ seed }: { readonly seed: number }): RtpReceiverOptions {
  const rng = new SeededRng(seed);
  return {
    rng,
    ssrc: rng.uint32(),
    cname: `viewer-${seed}`,
    payloadTypes: DEFAULT_PAYLOAD_TYPES,
    extensions: DEFAULT_EXTENSION_MAP,
  };
}
