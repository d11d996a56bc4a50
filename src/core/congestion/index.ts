export type {
  CongestionController,
  CongestionDecision,
  CongestionStatistics,
  PathReport,
  SentPacket,
} from "./congestion-controller.js";
export { type CongestionOptions, createCongestionController } from "./create-congestion-controller.js";
