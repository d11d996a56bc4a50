export { createErasureEngine } from "./create-erasure-engine.js";
export { createFecDecoder, createFecEncoder, type FecOptions, type FecScheme } from "./create-fec.js";
export type { ErasureEngine } from "./erasure-engine.js";
export type { FecDecoder, FecDecoderStatistics, FecEncoder, FecEncoderStatistics } from "./fec-codec.js";
export { FecPolicy, type FecPolicyOptions, type FecPolicyStatistics } from "./fec-policy.js";
export type { FecStreams } from "./fec-streams.js";
export { LossCounter } from "./loss-counter.js";
export type { LossObservation } from "./loss-estimator.js";
export { ReedSolomon, type ReedSolomonOptions } from "./reed-solomon.js";
