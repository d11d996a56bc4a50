export * from "./assembled-frame.js";
export * from "./frame-assembler.js";
