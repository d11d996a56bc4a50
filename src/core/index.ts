export * from "./errors.js";
export * from "./frame.js";
export * from "./random.js";
export * from "./rtcp/index.js";
export * from "./rtp/index.js";
export * from "./sdp/index.js";
export * from "./time.js";
