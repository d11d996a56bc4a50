export * from "./child.js";
export * from "./message-stream.js";
