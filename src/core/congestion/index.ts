export type {
  BitrateLimit,
  CongestionController,
  CongestionDecision,
  CongestionStatistics,
  PathReport,
  PathStatistics,
  ProbeRequest,
  SentPacket,
} from "./congestion-controller.js";
export { type CongestionOptions, createCongestionController } from "./create-congestion-controller.js";
export type { GccOptions } from "./gcc/gcc-controller.js";
