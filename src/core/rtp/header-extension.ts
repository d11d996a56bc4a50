import { SightlineError } from "../errors.js";
import { readUint16, view, writeUint16 } from "./byte-order.js";

/** One element of the header extension of an RTP packet (RFC 8285). */
export interface HeaderExtension {
  /** The local identifier that the session gave to a kind of element: 1 … 14, or up to 255 in the two-byte form. */
  readonly id: number;
  /** 1 … 16 bytes, or 0 … 255 in the two-byte form. A view of the packet when parsed. */
  readonly data: Uint8Array;
}

/** RFC 8285 §4.2. */
const ONE_BYTE_PROFILE = 0xbede;
/** RFC 8285 §4.3; the low four bits are for the application and ignored. */
const TWO_BYTE_PROFILE = 0x1000;

/** What a packet without header extensions has, so that it need not allocate. */
export const NO_EXTENSIONS: readonly HeaderExtension[] = [];

/** The data of the first element with this `id`, if there is one. */
export function findExtension(extensions: readonly HeaderExtension[], id: number): Uint8Array | undefined {
  for (const extension of extensions) {
    if (extension.id === id) return extension.data;
  }
  return undefined;
}

/**
 * Reads the elements of a header extension (RFC 8285 §4). An element that cannot be read ends the list and costs nothing
 * else; an extension of another profile (RFC 3550 §5.3.1) has no elements.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |       0xBE    |    0xDE       |       length in words         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  ID   | len−1 |     data      |  ID   | len−1 |   data ...      one-byte form
 *
 * |         0x100         |appbits|       length in words         |
 * |      ID       |      len      |     data ...                    two-byte form
 * ```
 *
 * @param data - the packet
 * @param offset - where the extension's four-byte header starts
 * @param end - where the extension ends; within `data`
 */
export function parseHeaderExtensions(data: Uint8Array, offset: number, end: number): readonly HeaderExtension[] {
  const profile = readUint16(data, offset);
  const oneByte = profile === ONE_BYTE_PROFILE;
  if (!oneByte && (profile & 0xfff0) !== TWO_BYTE_PROFILE) return NO_EXTENSIONS;
  const extensions: HeaderExtension[] = [];
  let at = offset + 4;
  while (at < end) {
    const first = data[at]!;
    if (first === 0) {
      at += 1; // padding
      continue;
    }
    const headerSize = oneByte ? 1 : 2;
    const id = oneByte ? first >> 4 : first;
    // In the one-byte form, ID 15, and ID 0 with a length, end the list (RFC 8285 §4.2).
    if (oneByte && (id === 0 || id === 15)) break;
    const start = at + headerSize;
    if (start > end) break;
    const length = oneByte ? (first & 0x0f) + 1 : data[at + 1]!;
    if (start + length > end) break;
    extensions.push({ id, data: view(data, start, length) });
    at = start + length;
  }
  return extensions;
}

function fitsOneByteForm({ id, data }: HeaderExtension): boolean {
  return id <= 14 && data.length >= 1 && data.length <= 16;
}

/**
 * The bytes that `extensions` take with their four-byte header and padding; 0 if there are none.
 *
 * @throws SightlineError `invalid-argument`: an ID is not 1 … 255 or data is longer than 255 bytes.
 */
export function headerExtensionsSize(extensions: readonly HeaderExtension[]): number {
  if (extensions.length === 0) return 0;
  const elementHeaderSize = extensions.every(fitsOneByteForm) ? 1 : 2;
  let size = 4;
  for (const { id, data } of extensions) {
    if (!(id >= 1 && id <= 255) || data.length > 255) {
      throw new SightlineError(
        "invalid-argument",
        `A header extension needs an ID of 1 … 255 and at most 255 bytes, not ID ${id} with ${data.length} bytes.`,
      );
    }
    size += elementHeaderSize + data.length;
  }
  return (size + 3) & ~3;
}

/**
 * Writes `extensions` at `offset`: in the one-byte form if all fit it, otherwise in the two-byte form.
 *
 * @param size - what {@link headerExtensionsSize} says of the same extensions; padding bytes must be zero already
 */
export function writeHeaderExtensions(
  target: Uint8Array,
  offset: number,
  size: number,
  extensions: readonly HeaderExtension[],
): void {
  const oneByte = extensions.every(fitsOneByteForm);
  writeUint16(target, offset, oneByte ? ONE_BYTE_PROFILE : TWO_BYTE_PROFILE);
  writeUint16(target, offset + 2, (size - 4) / 4);
  let at = offset + 4;
  for (const { id, data } of extensions) {
    if (oneByte) {
      target[at++] = (id << 4) | (data.length - 1);
    } else {
      target[at++] = id;
      target[at++] = data.length;
    }
    // Elements are a few bytes long, where a loop is faster than TypedArray.set.
    for (let i = 0; i < data.length; i++) target[at++] = data[i]!;
  }
}
