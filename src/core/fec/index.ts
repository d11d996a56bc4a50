export { createErasureEngine } from "./create-erasure-engine.js";
export type { ErasureEngine } from "./erasure-engine.js";
export { ReedSolomon, type ReedSolomonOptions } from "./reed-solomon.js";
