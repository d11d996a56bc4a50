export * from "./pointer-painter.js";
export * from "./text.js";
