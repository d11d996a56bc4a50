/**
 * Integers in network byte order (big-endian, RFC 1700). Reads past the end of `data` give wrong numbers, not errors:
 * the caller has checked the length.
 */

/** The unsigned 16-bit integer at `offset`. */
export function readUint16(data: Uint8Array, offset: number): number {
  return (data[offset]! << 8) | data[offset + 1]!;
}

/** The signed 16-bit integer at `offset`. */
export function readInt16(data: Uint8Array, offset: number): number {
  return (readUint16(data, offset) << 16) >> 16;
}

/** The unsigned 24-bit integer at `offset`. */
export function readUint24(data: Uint8Array, offset: number): number {
  return (data[offset]! << 16) | (data[offset + 1]! << 8) | data[offset + 2]!;
}

/** The unsigned 32-bit integer at `offset`. */
export function readUint32(data: Uint8Array, offset: number): number {
  return ((data[offset]! << 24) | readUint24(data, offset + 1)) >>> 0;
}

/** Stores the low 16 bits of `value`, signed or not, at `offset`. */
export function writeUint16(data: Uint8Array, offset: number, value: number): void {
  data[offset] = value >>> 8;
  data[offset + 1] = value;
}

/** Stores the low 24 bits of `value`, signed or not, at `offset`. */
export function writeUint24(data: Uint8Array, offset: number, value: number): void {
  data[offset] = value >>> 16;
  data[offset + 1] = value >>> 8;
  data[offset + 2] = value;
}

/** Stores the low 32 bits of `value`, signed or not, at `offset`. */
export function writeUint32(data: Uint8Array, offset: number, value: number): void {
  data[offset] = value >>> 24;
  writeUint24(data, offset + 1, value);
}

/**
 * A view of `length` bytes of `data` from `offset`, without a copy. Always a plain `Uint8Array`, also when `data` is one of
 * its subclasses, so that code behind it sees one type.
 */
export function view(data: Uint8Array, offset: number, length: number): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset + offset, length);
}
