export { fromApplicationPacket, type HighestSent, toApplicationPacket } from "./highest-sent.js";
export { NackGenerator, type NackStatistics, type PacketOrigin } from "./nack-generator.js";
export { RepairBudget } from "./repair-budget.js";
export { type RtxStream, unwrapRtx, wrapRtx } from "./rtx.js";
export { SendHistory, type SendHistoryOptions, type SentRtpPacket } from "./send-history.js";
