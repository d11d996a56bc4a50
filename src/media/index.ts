export * from "./changed-bands.js";
export * from "./decoder.js";
export * from "./picture.js";
export * from "./picture-scaler.js";
export * from "./process/media-process.js";
export type * from "./process/protocol.js";
export type * from "./sources/source.js";
export * from "./sources/spec.js";
