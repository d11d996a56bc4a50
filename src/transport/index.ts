export * from "./address.js";
export * from "./driver.js";
export * from "./srtp/index.js";
export * from "./udp.js";
export * from "./webrtc/index.js";
