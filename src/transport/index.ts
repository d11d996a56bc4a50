export * from "./address.js";
export * from "./driver.js";
export * from "./route.js";
export { probeSegmentation } from "./segmentation/probe.js";
export * from "./srtp/index.js";
export * from "./udp.js";
export type { UdpSocketOptions } from "./udp-binding.js";
export * from "./webrtc/index.js";
