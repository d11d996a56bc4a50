export { openSurface } from "./open.js";
export { drawOverlay } from "./overlay.js";
export type { Surface, SurfaceBand, SurfaceEvent, SurfaceOptions } from "./surface.js";
