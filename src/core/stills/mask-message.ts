import { readUint16, readUint32, writeUint16, writeUint32 } from "../rtp/byte-order.js";
import { type RtpTimestamp, rtpTimestamp } from "../rtp/index.js";
import { MessageKind } from "./message-kind.js";
import { MAX_PICTURE_EDGE, type PixelSize, TileGrid } from "./tile-grid.js";
import { readTileSet, TileSet, writeTileSet } from "./tile-set.js";

/** Which tiles changed in one picture, or in several in a row. */
export interface MaskEntry {
  /** How many masks it joins, 1 … 65,535. */
  readonly span: number;
  /** Of the picture of the oldest of them: from then on any of the tiles may have changed. */
  readonly timestamp: RtpTimestamp;
  readonly tiles: TileSet;
}

/**
 * Tells a viewer which tiles changed when, before the frame that shows it. Masks are numbered; a message has the newest ones,
 * and the older the more of them joined into one, so that the next message makes up for a lost one.
 */
export interface MaskMessage {
  /** Of the picture that the tiles are of. */
  readonly picture: PixelSize;
  /** The number of the newest mask; 0: there was none yet. */
  readonly newest: number;
  /** No picture up to this time has changes that are not among the masks up to `newest`. */
  readonly toldUpTo: RtpTimestamp;
  /** Newest first, without gaps. */
  readonly entries: readonly MaskEntry[];
}

const HEADER_SIZE = 16;
const ENTRY_HEADER_SIZE = 6;
/** A message is a packet, and fits any path's MTU; entries that do not fit are left out. */
const MAX_MESSAGE_SIZE = 1_180;

/**
 * A mask message.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   kind = 1    |    entries    |  reserved = 0                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         picture width         |        picture height         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                   number of the newest mask                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 told up to (RTP timestamp)                    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |             span              |     RTP timestamp ...         |  each entry,
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  newest first
 * |     ... RTP timestamp         |  tile set (see writeTileSet)  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writeMaskMessage({ picture, newest, toldUpTo, entries }: MaskMessage): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = HEADER_SIZE;
  for (const entry of entries) {
    let part = writeEntry(entry);
    // A tile too many only costs a look at the lossy picture; the newest entry must be there.
    if (parts.length === 0 && size + part.length > MAX_MESSAGE_SIZE) {
      part = writeEntry({ ...entry, tiles: TileSet.all(entry.tiles.size) });
    }
    if (size + part.length > MAX_MESSAGE_SIZE) break;
    parts.push(part);
    size += part.length;
  }
  const message = new Uint8Array(size);
  message[0] = MessageKind.mask;
  message[1] = parts.length;
  writeUint16(message, 4, picture.width);
  writeUint16(message, 6, picture.height);
  writeUint32(message, 8, newest);
  writeUint32(message, 12, toldUpTo);
  let at = HEADER_SIZE;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/**
 * Reads a mask message; the layout is at {@link writeMaskMessage}.
 *
 * @returns undefined if it is malformed
 */
export function parseMaskMessage(data: Uint8Array): MaskMessage | undefined {
  if (data.length < HEADER_SIZE || data[0] !== MessageKind.mask) return undefined;
  const picture = { width: readUint16(data, 4), height: readUint16(data, 6) };
  if (!isPlausibleSize(picture)) return undefined;
  const tileCount = new TileGrid(picture).count;
  const newest = readUint32(data, 8);
  const entries: MaskEntry[] = [];
  let at = HEADER_SIZE;
  let told = 0;
  for (let i = 0; i < data[1]!; i++) {
    if (at + ENTRY_HEADER_SIZE > data.length) return undefined;
    const span = readUint16(data, at);
    told += span;
    const set = readTileSet(data, at + ENTRY_HEADER_SIZE, tileCount);
    if (span === 0 || told > newest || set === undefined) return undefined;
    entries.push({ span, timestamp: rtpTimestamp(readUint32(data, at + 2)), tiles: set.tiles });
    at = set.end;
  }
  return { picture, newest, toldUpTo: rtpTimestamp(readUint32(data, 12)), entries };
}

/** Whether a picture may have this size. */
export function isPlausibleSize({ width, height }: PixelSize): boolean {
  return width > 0 && height > 0 && width <= MAX_PICTURE_EDGE && height <= MAX_PICTURE_EDGE;
}

function writeEntry({ span, timestamp, tiles }: MaskEntry): Uint8Array {
  const set = writeTileSet(tiles);
  const entry = new Uint8Array(ENTRY_HEADER_SIZE + set.length);
  writeUint16(entry, 0, span);
  writeUint32(entry, 2, timestamp);
  entry.set(set, ENTRY_HEADER_SIZE);
  return entry;
}
