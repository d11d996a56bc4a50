export * from "./child.js";
export * from "./link.js";
export * from "./message-stream.js";
export * from "./restart-budget.js";
