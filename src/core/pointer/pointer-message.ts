import { readUint16, readUint32, view, writeUint16, writeUint32 } from "../rtp/byte-order.js";
import { MessageKind } from "../stills/message-kind.js";

/** No pointer is larger, in pixels either way. */
export const MAX_POINTER_SIZE = 512;

/** Where a source's mouse pointer is. */
export interface PointerPosition {
  /** In pixels of the picture, from its top left corner; may lie outside. */
  readonly x: number;
  readonly y: number;
  /** Whether it is to be seen at all. */
  readonly visible: boolean;
  /** Which {@link PointerShape} it has. */
  readonly shapeId: number;
}

/** What a mouse pointer looks like. */
export interface PointerShape {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** The pixel that lies at the pointer's position. */
  readonly hotspotX: number;
  readonly hotspotY: number;
  /** Red, green, blue, alpha of each pixel, row by row; not multiplied by alpha. */
  readonly rgba: Uint8Array;
}

const POSITION_SIZE = 20;
const SHAPE_HEADER_SIZE = 16;

/**
 * A pointer's position as a message. Messages are numbered, because one that is late must not move the pointer back.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   kind = 3    |  visible 0/1  |  reserved = 0                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            number                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                          x (signed)                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                          y (signed)                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            shape                              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writePointerPosition({ x, y, visible, shapeId }: PointerPosition, number: number): Uint8Array {
  const message = new Uint8Array(POSITION_SIZE);
  message[0] = MessageKind.pointerPosition;
  message[1] = visible ? 1 : 0;
  writeUint32(message, 4, number);
  writeUint32(message, 8, x);
  writeUint32(message, 12, y);
  writeUint32(message, 16, shapeId);
  return message;
}

/**
 * Reads a position; the layout is at {@link writePointerPosition}.
 *
 * @returns undefined if it is malformed
 */
export function parsePointerPosition(
  message: Uint8Array,
): { readonly position: PointerPosition; readonly number: number } | undefined {
  if (message.length < POSITION_SIZE || message[0] !== MessageKind.pointerPosition) return undefined;
  const position = {
    x: readUint32(message, 8) | 0,
    y: readUint32(message, 12) | 0,
    visible: message[1] !== 0,
    shapeId: readUint32(message, 16),
  };
  return { position, number: readUint32(message, 4) };
}

/**
 * A pointer's shape as an object, which is sent in chunks.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   kind = 17   |  reserved = 0                                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                              id                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |             width             |            height             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          hotspot x            |          hotspot y            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      red      |     green     |     blue      |     alpha     |  each pixel, row by row
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writePointerShape({ id, width, height, hotspotX, hotspotY, rgba }: PointerShape): Uint8Array {
  const object = new Uint8Array(SHAPE_HEADER_SIZE + rgba.length);
  object[0] = MessageKind.pointerShape;
  writeUint32(object, 4, id);
  for (const [i, value] of [width, height, hotspotX, hotspotY].entries()) writeUint16(object, 8 + 2 * i, value);
  object.set(rgba, SHAPE_HEADER_SIZE);
  return object;
}

/**
 * Reads a shape; the layout is at {@link writePointerShape}. The pixels are a view of `object`.
 *
 * @returns undefined if it is malformed or too large
 */
export function parsePointerShape(object: Uint8Array): PointerShape | undefined {
  if (object.length < SHAPE_HEADER_SIZE || object[0] !== MessageKind.pointerShape) return undefined;
  const [width, height] = [readUint16(object, 8), readUint16(object, 10)];
  const rgba = view(object, SHAPE_HEADER_SIZE, object.length - SHAPE_HEADER_SIZE);
  if (width > MAX_POINTER_SIZE || height > MAX_POINTER_SIZE || rgba.length !== width * height * 4) return undefined;
  const [hotspotX, hotspotY] = [readUint16(object, 12), readUint16(object, 14)];
  return { id: readUint32(object, 4), width, height, hotspotX, hotspotY, rgba };
}
