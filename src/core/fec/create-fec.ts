import { BlockFecEncoder } from "./block-fec-encoder.js";
import { blockRepairFormat } from "./block-repair.js";
import type { FecDecoder, FecEncoder } from "./fec-codec.js";
import type { FecStreams } from "./fec-streams.js";
import { flexFecFormat } from "./flexfec.js";
import { FlexFecEncoder } from "./flexfec-encoder.js";
import { RepairDecoder } from "./repair-decoder.js";

/** How frames are protected: Reed-Solomon between Sightline peers, FlexFEC-03 for browsers. */
export type FecScheme = "reed-solomon" | "flexfec-03";

/** What both ends must agree on. */
export interface FecOptions {
  readonly scheme: FecScheme;
  /** The ID of the transport-wide sequence number; absent if packets have none. */
  readonly transportSequenceNumber?: number | undefined;
}

/** Makes the encoder of a scheme. */
export function createFecEncoder({ scheme, transportSequenceNumber }: FecOptions, streams: FecStreams): FecEncoder {
  return scheme === "reed-solomon"
    ? new BlockFecEncoder(streams)
    : new FlexFecEncoder({ ...streams, transportSequenceNumber });
}

/** Makes the decoder of a scheme for one media stream. */
export function createFecDecoder(
  { scheme, transportSequenceNumber }: FecOptions,
  { mediaSsrc }: Pick<FecStreams, "mediaSsrc">,
): FecDecoder {
  const format = scheme === "reed-solomon" ? blockRepairFormat : flexFecFormat;
  return new RepairDecoder({ format: format(transportSequenceNumber), mediaSsrc });
}
