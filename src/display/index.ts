export { openSurface } from "./open.js";
export { drawOverlay } from "./overlay.js";
export type { Surface, SurfaceBand } from "./surface.js";
