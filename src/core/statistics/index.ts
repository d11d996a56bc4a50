export * from "./interarrival-jitter.js";
export * from "./rate-meter.js";
export * from "./receiver-statistics.js";
export * from "./reception.js";
export * from "./round-trip.js";
export type * from "./sender-statistics.js";
