import type { Link } from "../../ipc/index.js";
import type { PointerReport } from "../sources/pointer-tracker.js";
import type { FromMediaProcess, ToMediaProcess } from "./protocol.js";

type Shape = PointerReport["shape"];

/** Tells the parent where the pointer is, and each shape once. */
export class PointerMessages {
  private readonly link: Link<ToMediaProcess, FromMediaProcess>;
  private readonly ids = new WeakMap<Shape, number>();
  private lastId: number;

  /** @param firstId - of the first shape */
  constructor(link: Link<ToMediaProcess, FromMediaProcess>, firstId: number) {
    this.link = link;
    this.lastId = firstId - 1;
  }

  /** The pointer moved or has another shape. */
  send({ x, y, visible, shape }: PointerReport): void {
    const shapeId = this.ids.get(shape) ?? this.sendShape(shape);
    this.link.send({ type: "pointer", body: { x, y, visible, shapeId } });
  }

  private sendShape(shape: Shape): number {
    const id = ++this.lastId;
    this.ids.set(shape, id);
    const { width, height, hotX, hotY, argb } = shape;
    const body = { id, width, height, hotspotX: hotX, hotspotY: hotY };
    this.link.send({ type: "pointer-shape", body, payload: toStraightRgba(argb) });
    return id;
  }
}

/** From 0xAARRGGBB multiplied by alpha to bytes that are not. */
function toStraightRgba(argb: Uint32Array): Uint8Array {
  const rgba = new Uint8Array(argb.length * 4);
  for (const [i, pixel] of argb.entries()) {
    const alpha = pixel >>> 24;
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const value = (pixel >>> (16 - 8 * channel)) & 255;
      rgba[4 * i + channel] = Math.min(255, Math.round((value * 255) / alpha));
    }
    rgba[4 * i + 3] = alpha;
  }
  return rgba;
}
