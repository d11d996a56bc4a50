import { readUint16, readUint32, view, writeUint16, writeUint32 } from "../rtp/byte-order.js";
import { type RtpTimestamp, rtpTimestamp } from "../rtp/index.js";
import { isPlausibleSize } from "./mask-message.js";
import { MessageKind } from "./message-kind.js";
import { type PixelRectangle, type PixelSize, TileGrid } from "./tile-grid.js";
import { readTileSet, type TileSet, writeTileSet } from "./tile-set.js";

/** How the pixels of a still rectangle are coded, without loss: an image file of that kind. */
export type StillCodec = "webp" | "png";

/** Pixels that have been still, on their way to a viewer. */
export interface StillRectangle {
  /** Of the picture that they are a part of. */
  readonly picture: PixelSize;
  /** Where they go: whole tiles. */
  readonly rectangle: PixelRectangle;
  /** When they changed last; a viewer's video must have come as far before they are laid over it. */
  readonly timestamp: RtpTimestamp;
  /** The number of the newest mask that `valid` takes into account. */
  readonly asOf: number;
  /** The rectangle's tiles, row by row, that still looked like this then. */
  readonly valid: TileSet;
  readonly codec: StillCodec;
  /** The image. */
  readonly data: Uint8Array;
}

const HEADER_SIZE = 24;
const CODEC_NUMBERS: Readonly<Record<StillCodec, number>> = { webp: 1, png: 2 };
const CODECS = new Map(Object.entries(CODEC_NUMBERS).map(([codec, number]) => [number, codec as StillCodec]));

/**
 * A still rectangle as an object, which is sent in chunks.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   kind = 16   |     codec     |  reserved = 0                 |  codec 1: WebP, 2: PNG
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         picture width         |        picture height         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |               x               |               y               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |             width             |            height             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 last change (RTP timestamp)                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |               as of the mask of this number                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  valid tiles (see writeTileSet), then the image ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writeStillRectangle(still: StillRectangle): Uint8Array {
  const { picture, rectangle, timestamp, asOf, valid, codec, data } = still;
  const tiles = writeTileSet(valid);
  const object = new Uint8Array(HEADER_SIZE + tiles.length + data.length);
  object[0] = MessageKind.stillRectangle;
  object[1] = CODEC_NUMBERS[codec];
  const { x, y, width, height } = rectangle;
  for (const [i, value] of [picture.width, picture.height, x, y, width, height].entries()) {
    writeUint16(object, 4 + 2 * i, value);
  }
  writeUint32(object, 16, timestamp);
  writeUint32(object, 20, asOf);
  object.set(tiles, HEADER_SIZE);
  object.set(data, HEADER_SIZE + tiles.length);
  return object;
}

/**
 * Reads a still rectangle; the layout is at {@link writeStillRectangle}. The image is a view of `object`.
 *
 * @returns undefined if it is malformed, or not made of whole tiles
 */
export function parseStillRectangle(object: Uint8Array): StillRectangle | undefined {
  if (object.length < HEADER_SIZE || object[0] !== MessageKind.stillRectangle) return undefined;
  const codec = CODECS.get(object[1]!);
  const picture = { width: readUint16(object, 4), height: readUint16(object, 6) };
  if (codec === undefined || !isPlausibleSize(picture)) return undefined;
  const rectangle = {
    x: readUint16(object, 8),
    y: readUint16(object, 10),
    width: readUint16(object, 12),
    height: readUint16(object, 14),
  };
  const grid = new TileGrid(picture);
  if (!grid.isAligned(rectangle)) return undefined;
  const valid = readTileSet(object, HEADER_SIZE, grid.tilesIn(rectangle).length);
  if (valid === undefined) return undefined;
  return {
    picture,
    rectangle,
    timestamp: rtpTimestamp(readUint32(object, 16)),
    asOf: readUint32(object, 20),
    valid: valid.tiles,
    codec,
    data: view(object, valid.end, object.length - valid.end),
  };
}
