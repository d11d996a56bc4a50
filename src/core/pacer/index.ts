export { createPacer, type PacerOptions } from "./create-pacer.js";
export type { PacedPacket, Pacer, PacerStatistics, PacingClass } from "./pacer.js";
export type { TokenBucketOptions } from "./token-bucket.js";
