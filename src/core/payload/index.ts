export * from "./codecs.js";
export * from "./h264/index.js";
export * from "./payload-format.js";
