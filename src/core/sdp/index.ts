export type { CryptoAttribute } from "./crypto-attribute.js";
export { parseSessionDescription } from "./parse.js";
export * from "./session-description.js";
export * from "./webrtc/index.js";
export { writeSessionDescription } from "./write.js";
