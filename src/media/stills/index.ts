export { decodeStill } from "./still-encoder.js";
export { StillLayer, type StillLayerHandlers } from "./still-layer.js";
