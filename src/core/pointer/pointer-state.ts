import type { PointerPosition, PointerShape } from "./pointer-message.js";

/** Shapes that are kept: programs have a few, and may draw new ones without end. */
const MAX_SHAPES = 64;

/** A source's mouse pointer as it is now, for all who send it to viewers. */
export class PointerState {
  private readonly shapes = new Map<number, PointerShape>();
  /** Where it is; undefined while it is part of the picture, or there is none. */
  position: PointerPosition | undefined;

  /** A shape that positions will refer to. */
  addShape(shape: PointerShape): void {
    this.shapes.set(shape.id, shape);
    const [oldest] = this.shapes.keys();
    if (this.shapes.size > MAX_SHAPES && oldest !== undefined) this.shapes.delete(oldest);
  }

  /** The shape that the pointer has now, if it is known. */
  get shape(): PointerShape | undefined {
    return this.position && this.shapes.get(this.position.shapeId);
  }
}
