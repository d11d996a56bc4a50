import type { Size } from "./placement.js";

/** Tiles are meant for pictures of this shape. */
const SHAPE = 16 / 9;

/**
 * How many columns make the tiles of a grid largest.
 *
 * @param count - tiles, 1 or more
 * @param area - what they share
 */
export function gridColumns(count: number, area: Size): number {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = Math.min(area.width / columns, (area.height / rows) * SHAPE);
    if (width > best.width) best = { columns, width };
  }
  return best.columns;
}
