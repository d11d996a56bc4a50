import { CHUNK_HEADER_SIZE, writeChunk } from "../stills/chunk.js";
import { type PointerPosition, type PointerShape, writePointerPosition, writePointerShape } from "./pointer-message.js";
import type { PointerState } from "./pointer-state.js";

/** Shapes are numbered as objects from here on; still pixels, which share their channel, from 0. */
const FIRST_OBJECT = 0x8000_0000;

/** Nothing to point with: what viewers are told when the pointer becomes part of the picture. */
const NOWHERE: PointerPosition = { x: 0, y: 0, visible: false, shapeId: 0 };

/** What a viewer must be told of the pointer. */
export interface PointerMessages {
  /** Chunks of a shape that it does not know yet; these must arrive. */
  readonly shape: readonly Uint8Array[];
  /** The position, which the next one makes up for. */
  readonly position: Uint8Array;
}

/** Tells one viewer of a source's pointer. */
export class PointerSender {
  private readonly state: PointerState;
  private readonly maxMessageSize: number;
  private readonly told = new WeakSet<PointerShape>();
  private number = 0;
  private objects = 0;

  constructor({ state, maxMessageSize }: { readonly state: PointerState; readonly maxMessageSize: number }) {
    this.state = state;
    this.maxMessageSize = maxMessageSize;
  }

  /** What to send now; undefined if there has never been a pointer to tell of. */
  messages(): PointerMessages | undefined {
    const { position, shape } = this.state;
    if (position === undefined && this.number === 0) return undefined;
    this.number = (this.number + 1) >>> 0;
    const isNew = shape !== undefined && !this.told.has(shape);
    if (isNew) this.told.add(shape);
    return {
      shape: isNew ? this.chunks(writePointerShape(shape)) : [],
      position: writePointerPosition(position ?? NOWHERE, this.number),
    };
  }

  /** The viewer has lost track: shapes are sent again. */
  forget(): void {
    const { shape } = this.state;
    if (shape !== undefined) this.told.delete(shape);
  }

  private chunks(object: Uint8Array): Uint8Array[] {
    const size = this.maxMessageSize - CHUNK_HEADER_SIZE;
    const number = FIRST_OBJECT + this.objects++;
    return Array.from({ length: Math.ceil(object.length / size) }, (_, i) => {
      const offset = i * size;
      const data = object.subarray(offset, offset + size);
      return writeChunk({ object: number, totalBytes: object.length, offset, data });
    });
  }
}
