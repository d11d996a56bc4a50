export * from "./assembled-frame.js";
export * from "./assembler-limits.js";
export * from "./frame-assembler.js";
