import { drawText, fillRectangle, measureText, type PixelArea } from "../raster/index.js";
import type { SurfaceBand } from "./surface.js";

/** Rows to which the reported band is aligned, as all bands of pictures are. */
const BAND_ROWS = 16;
/** Surfaces this many rows high and more get text of twice the size. */
const LARGE_SURFACE_ROWS = 600;
/** Pixels between the surface's edge and the panel, and between the panel's edge and the text, per scale. */
const MARGIN = 8;
const PADDING = 6;
const TEXT_COLOR = 0xffffff;
const PANEL_COLOR = 0x202020;

/**
 * Draws a panel with lines of text into the top left corner of a surface's pixels.
 *
 * @returns the rows that were drawn to, to be presented, and to be drawn again whenever the picture beneath changes
 */
export function drawOverlay(area: PixelArea, lines: readonly string[]): SurfaceBand {
  if (lines.length === 0) return { y: 0, height: 0 };
  const scale = area.height >= LARGE_SURFACE_ROWS ? 2 : 1;
  const [margin, padding] = [MARGIN * scale, PADDING * scale];
  const text = lines.join("\n");
  const size = measureText(text, scale);
  const panel = { x: margin, y: margin, width: size.width + 2 * padding, height: size.height + 2 * padding };
  fillRectangle(area, panel, PANEL_COLOR);
  drawText(area, panel.x + padding, panel.y + padding, text, { scale, color: TEXT_COLOR });
  const end = Math.min(area.height, panel.y + panel.height);
  const y = panel.y - (panel.y % BAND_ROWS);
  return { y, height: Math.min(area.height, Math.ceil(end / BAND_ROWS) * BAND_ROWS) - y };
}
