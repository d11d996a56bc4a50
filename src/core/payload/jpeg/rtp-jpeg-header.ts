/** The payload headers of RTP/JPEG, as one packet carries them (RFC 2435 §3.1). */
export interface RtpJpegHeader {
  /** Where this packet's data belongs in the frame's scan, in bytes. */
  readonly fragmentOffset: number;
  readonly subsampling: ChromaSubsampling;
  /** 1 … 99 stand for computed tables; 128 … 255 for tables that are sent in band. */
  readonly quality: number;
  /** Pixels; multiples of 8, at most 2040. */
  readonly width: number;
  readonly height: number;
  /** Minimum coded units between restart markers; 0: there are none. */
  readonly restartInterval: number;
  /** The tables in band, 64 or 128 bytes. Empty: those sent before with this `quality`. Undefined: not in this packet. */
  readonly quantizationTables?: Uint8Array;
}

/** The chroma formats of RTP/JPEG: types 0 (two luma samples in a row for each of chroma) and 1 (and two columns). */
export type ChromaSubsampling = "4:2:2" | "4:2:0";

/** Width and height are sent in one byte each, counting blocks of 8 pixels. */
export const MAX_DIMENSION = 2_040;

/** The fragment offset has 24 bits. */
export const MAX_SCAN_SIZE = 2 ** 24;

/** The quality of tables that may change with every frame and so are sent with each. */
export const QUALITY_DYNAMIC_TABLES = 255;

/** From this quality on, the first packet of a frame has a quantization table header. */
export const QUALITY_IN_BAND_TABLES = 128;

/** Bytes of a quantization table with 8-bit values, the only kind of baseline JPEG with 8-bit samples (T.81 §B.2.4.1). */
export const TABLE_SIZE = 64;

const MAIN_HEADER_SIZE = 8;
const RESTART_HEADER_SIZE = 4;
const TABLE_HEADER_SIZE = 4;
const BLOCK_SIZE = 8;
const TYPE_HAS_RESTARTS = 64;

/** First and last of its restart interval, at an unknown place: the frame is only decoded whole (§3.1.7). */
const WHOLE_FRAME_RESTART_COUNT = 0xffff;

/** The size of the headers that {@link writeRtpJpegHeader} writes, in bytes. */
export function rtpJpegHeaderSize(header: RtpJpegHeader): number {
  const tables = header.quantizationTables;
  return (
    MAIN_HEADER_SIZE +
    (header.restartInterval > 0 ? RESTART_HEADER_SIZE : 0) +
    (tables === undefined ? 0 : TABLE_HEADER_SIZE + tables.length)
  );
}

/**
 * Writes the headers at the start of a payload. The fields are in range, and tables are there only where they belong: in
 * the first packet of a frame whose quality is {@link QUALITY_IN_BAND_TABLES} or more.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Type-specific |              Fragment Offset                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      Type     |       Q       |     Width     |     Height    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |       Restart Interval        |F|L|       Restart Count       |  type ≥ 64
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      MBZ      |   Precision   |             Length            |  Q ≥ 128, offset 0
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Quantization Table Data …                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 */
export function writeRtpJpegHeader(payload: Uint8Array, header: RtpJpegHeader): void {
  const view = viewOf(payload);
  view.setUint32(0, header.fragmentOffset);
  const type = header.subsampling === "4:2:0" ? 1 : 0;
  view.setUint8(4, header.restartInterval > 0 ? type + TYPE_HAS_RESTARTS : type);
  view.setUint8(5, header.quality);
  view.setUint8(6, Math.ceil(header.width / BLOCK_SIZE));
  view.setUint8(7, Math.ceil(header.height / BLOCK_SIZE));
  let at = MAIN_HEADER_SIZE;
  if (header.restartInterval > 0) {
    view.setUint16(at, header.restartInterval);
    view.setUint16(at + 2, WHOLE_FRAME_RESTART_COUNT);
    at += RESTART_HEADER_SIZE;
  }
  if (header.quantizationTables !== undefined) {
    view.setUint16(at, 0);
    view.setUint16(at + 2, header.quantizationTables.length);
    payload.set(header.quantizationTables, at + TABLE_HEADER_SIZE);
  }
}

/**
 * Reads the headers of a payload, which {@link writeRtpJpegHeader} shows.
 *
 * @returns the headers, and the piece of the scan behind them as a view; undefined if it is malformed or of a kind not
 *   understood: interlaced fields, other types than 0, 1, 64 and 65, tables of 16-bit values
 */
export function parseRtpJpegPayload(payload: Uint8Array): { header: RtpJpegHeader; data: Uint8Array } | undefined {
  if (payload.length < MAIN_HEADER_SIZE) return undefined;
  const view = viewOf(payload);
  const typeSpecific = view.getUint8(0);
  const fragmentOffset = view.getUint32(0) & 0xffffff;
  const type = view.getUint8(4);
  const quality = view.getUint8(5);
  const width = view.getUint8(6) * BLOCK_SIZE;
  const height = view.getUint8(7) * BLOCK_SIZE;
  const isKnownType = (type & ~TYPE_HAS_RESTARTS) <= 1;
  if (typeSpecific !== 0 || !isKnownType || width === 0 || height === 0) return undefined;
  let at = MAIN_HEADER_SIZE;
  let restartInterval = 0;
  if (type >= TYPE_HAS_RESTARTS) {
    if (payload.length < at + RESTART_HEADER_SIZE) return undefined;
    restartInterval = view.getUint16(at);
    at += RESTART_HEADER_SIZE;
  }
  let quantizationTables: Uint8Array | undefined;
  if (quality >= QUALITY_IN_BAND_TABLES && fragmentOffset === 0) {
    if (payload.length < at + TABLE_HEADER_SIZE) return undefined;
    const precision = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    at += TABLE_HEADER_SIZE;
    const isKnownSize = length === 0 || length === TABLE_SIZE || length === 2 * TABLE_SIZE;
    if (precision !== 0 || !isKnownSize || payload.length < at + length) return undefined;
    quantizationTables = payload.subarray(at, at + length);
    at += length;
  }
  const header: RtpJpegHeader = {
    fragmentOffset,
    subsampling: (type & 1) === 1 ? "4:2:0" : "4:2:2",
    quality,
    width,
    height,
    restartInterval,
    ...(quantizationTables && { quantizationTables }),
  };
  return { header, data: payload.subarray(at) };
}

function viewOf(payload: Uint8Array): DataView {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
}
