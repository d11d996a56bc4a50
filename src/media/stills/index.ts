export { decodeStill } from "./still-encoder.js";
export { StillLayer } from "./still-layer.js";
