import { readUint24, readUint32, view, writeUint24, writeUint32 } from "../rtp/byte-order.js";
import { MessageKind } from "./message-kind.js";

/** The largest object: a photo of four rows of tiles across an 8K screen takes less. */
export const MAX_OBJECT_BYTES = 12_000_000;
/** Of a chunk without its data. */
export const CHUNK_HEADER_SIZE = 12;

/** A part of an object that is too large for one message. */
export interface Chunk {
  /** Names the object. */
  readonly object: number;
  /** The size of the whole object, in bytes. */
  readonly totalBytes: number;
  /** Where in the object the data go. */
  readonly offset: number;
  readonly data: Uint8Array;
}

/**
 * A chunk as a message.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   kind = 2    |             size of the object                |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     number of the object                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | reserved = 0  |                   offset                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  data ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writeChunk({ object, totalBytes, offset, data }: Chunk): Uint8Array {
  const message = new Uint8Array(CHUNK_HEADER_SIZE + data.length);
  message[0] = MessageKind.chunk;
  writeUint24(message, 1, totalBytes);
  writeUint32(message, 4, object);
  writeUint24(message, 9, offset);
  message.set(data, CHUNK_HEADER_SIZE);
  return message;
}

/**
 * Reads a chunk; the layout is at {@link writeChunk}. The data are a view of `message`.
 *
 * @returns undefined if it is malformed or its object too large
 */
export function parseChunk(message: Uint8Array): Chunk | undefined {
  if (message.length <= CHUNK_HEADER_SIZE || message[0] !== MessageKind.chunk) return undefined;
  const totalBytes = readUint24(message, 1);
  const offset = readUint24(message, 9);
  const data = view(message, CHUNK_HEADER_SIZE, message.length - CHUNK_HEADER_SIZE);
  if (totalBytes > MAX_OBJECT_BYTES || offset + data.length > totalBytes) return undefined;
  return { object: readUint32(message, 4), totalBytes, offset, data };
}
