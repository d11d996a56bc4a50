import { SightlineError } from "../../errors.js";
import { Marker } from "./marker.js";
import { type ChromaSubsampling, TABLE_SIZE } from "./rtp-jpeg-header.js";
import { STANDARD_HUFFMAN_TABLES } from "./standard-tables.js";

/** What RTP carries of a JPEG file; the rest of it is the same for all. */
export interface JpegPicture {
  readonly width: number;
  readonly height: number;
  readonly subsampling: ChromaSubsampling;
  /** Minimum coded units between restart markers; 0: there are none. */
  readonly restartInterval: number;
  /** The tables of luminance and of chrominance, 64 bytes each in zigzag order. */
  readonly quantizationTables: readonly [Uint8Array, Uint8Array];
  /** The entropy-coded data, restart markers included, without the end-of-image marker. */
  readonly scan: Uint8Array;
}

/** One component of the picture, as the frame header describes it (T.81 §B.2.2). */
interface Component {
  readonly id: number;
  /** `horizontal(4) vertical(4)` sampling factors. */
  readonly sampling: number;
  readonly quantizationTable: number;
}

interface FrameHeader {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
}

const FRAME_HEADER_SIZE = 6;
const FRAME_COMPONENT_SIZE = 3;

/** Behind the components of a scan header: all 64 coefficients at full precision, as baseline coding has it. */
const BASELINE_SPECTRUM = [0, 63, 0];

/**
 * Reads a baseline JPEG file with three components and the standard Huffman tables. Application data is skipped.
 *
 * @param file - a whole file; what follows the end of the image is ignored, and that marker may be missing
 * @returns views of `file`
 * @throws SightlineError `invalid-data` if it is not a JPEG file, `unsupported` if RFC 2435 cannot carry its kind
 */
export function readJfif(file: Uint8Array): JpegPicture {
  if (file[0] !== 0xff || file[1] !== Marker.startOfImage)
    throw invalid("it does not begin with a start-of-image marker");
  const quantizationTables = new Map<number, Uint8Array>();
  let frame: FrameHeader | undefined;
  let restartInterval = 0;
  let at = 2;
  for (;;) {
    if (file[at] !== 0xff) throw invalid("a marker is missing");
    while (file[at + 1] === 0xff) at++; // fill bytes (T.81 §B.1.1.2)
    const marker = file[at + 1] ?? 0;
    const size = ((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0);
    const end = at + 2 + size;
    if (size < 2 || end > file.length) throw invalid("it is cut short");
    const segment = file.subarray(at + 4, end);
    at = end;
    switch (marker) {
      case Marker.defineQuantizationTables:
        readQuantizationTables(segment, quantizationTables);
        break;
      case Marker.defineHuffmanTables:
        checkHuffmanTables(segment);
        break;
      case Marker.defineRestartInterval:
        restartInterval = uint16(segment, 0);
        break;
      case Marker.startOfFrame0:
        frame = readFrameHeader(segment);
        break;
      case Marker.startOfScan: {
        if (frame === undefined) throw invalid("its scan comes before its frame header");
        checkScanHeader(segment, frame);
        return {
          width: frame.width,
          height: frame.height,
          subsampling: readSubsampling(frame.components),
          restartInterval,
          quantizationTables: selectTables(frame.components, quantizationTables),
          scan: readScan(file.subarray(at)),
        };
      }
      default:
        if (isOtherStartOfFrame(marker))
          throw unsupported("it is not baseline coded (progressive, lossless or arithmetic)");
    }
  }
}

function isOtherStartOfFrame(marker: number): boolean {
  return (
    (marker > Marker.startOfFrame0 && marker <= Marker.startOfFrame15 && marker !== Marker.jpegExtensions) ||
    marker === Marker.defineArithmeticConditioning
  );
}

/** Any number of `precision(4) destination(4)`, 64 values (T.81 §B.2.4.1). */
function readQuantizationTables(segment: Uint8Array, tables: Map<number, Uint8Array>): void {
  for (let at = 0; at < segment.length; at += 1 + TABLE_SIZE) {
    const id = segment[at]!;
    if (id > 3) throw unsupported("its quantization tables do not have 8 bits");
    const table = segment.subarray(at + 1, at + 1 + TABLE_SIZE);
    if (table.length < TABLE_SIZE) throw invalid("a quantization table is cut short");
    tables.set(id, table);
  }
}

/** Any number of `class(4) destination(4)`, 16 counts, values (T.81 §B.2.4.2): each must be the standard one. */
function checkHuffmanTables(segment: Uint8Array): void {
  for (let at = 0; at < segment.length; ) {
    const standard = STANDARD_HUFFMAN_TABLES.find((table) => table.id === segment[at]);
    if (standard === undefined || !standard.data.every((byte, i) => byte === segment[at + 1 + i])) {
      throw unsupported("its Huffman tables are not the standard ones (encode without optimized tables)");
    }
    at += 1 + standard.data.length;
  }
}

/** `precision(8) height(16) width(16) count(8)`, and for each component `id(8) H(4) V(4) table(8)` (T.81 §B.2.2). */
function readFrameHeader(segment: Uint8Array): FrameHeader {
  const count = segment[5] ?? 0;
  if (segment.length < FRAME_HEADER_SIZE + count * FRAME_COMPONENT_SIZE) throw invalid("its frame header is cut short");
  if (segment[0] !== 8) throw unsupported("its samples do not have 8 bits");
  if (count !== 3) throw unsupported("it does not have three components (it is grey or CMYK)");
  const height = uint16(segment, 1);
  const width = uint16(segment, 3);
  if (width === 0 || height === 0) throw unsupported("its size is not in its frame header");
  const components = Array.from({ length: count }, (_, i) => {
    const at = FRAME_HEADER_SIZE + i * FRAME_COMPONENT_SIZE;
    return { id: segment[at]!, sampling: segment[at + 1]!, quantizationTable: segment[at + 2]! };
  });
  return { width, height, components };
}

/** `count(8)`, for each component `id(8) DC table(4) AC table(4)`, then `Ss(8) Se(8) Ah(4) Al(4)` (T.81 §B.2.3). */
function checkScanHeader(segment: Uint8Array, frame: FrameHeader): void {
  const expected = [
    frame.components.length,
    // Luminance is coded with Huffman tables 0, the two of chrominance with 1.
    ...frame.components.flatMap((component, i) => [component.id, i === 0 ? 0x00 : 0x11]),
    ...BASELINE_SPECTRUM,
  ];
  if (!expected.every((byte, i) => byte === segment[i])) {
    throw unsupported("its components are not in one baseline scan with the usual tables");
  }
}

function readSubsampling(components: readonly Component[]): ChromaSubsampling {
  const [luma, cb, cr] = components.map((component) => component.sampling);
  if (cb === 0x11 && cr === 0x11) {
    if (luma === 0x22) return "4:2:0";
    if (luma === 0x21) return "4:2:2";
  }
  throw unsupported("its chroma is subsampled neither 4:2:0 nor 4:2:2");
}

function selectTables(
  components: readonly Component[],
  tables: ReadonlyMap<number, Uint8Array>,
): readonly [Uint8Array, Uint8Array] {
  const [luma, cb, cr] = components.map((component) => tables.get(component.quantizationTable));
  if (luma === undefined || cb === undefined || cr === undefined) throw invalid("a quantization table is missing");
  if (!cb.every((value, i) => value === cr[i])) throw unsupported("its two chroma components have different tables");
  return [luma, cb];
}

/** The entropy-coded data up to the next marker that is no restart. */
function readScan(data: Uint8Array): Uint8Array {
  for (let at = data.indexOf(0xff); at !== -1; at = data.indexOf(0xff, at + 1)) {
    const marker = data[at + 1];
    if (marker === undefined || marker === Marker.endOfImage) return data.subarray(0, at);
    const isRestart = marker >= Marker.restart0 && marker <= Marker.restart7;
    // FF 00 is the data byte FF; FF FF is a fill byte before a marker.
    if (marker !== 0 && marker !== 0xff && !isRestart) throw unsupported("it has more than one scan");
  }
  return data;
}

function uint16(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}

function invalid(reason: string): SightlineError {
  return new SightlineError("invalid-data", `A JPEG picture cannot be read: ${reason}.`);
}

function unsupported(reason: string): SightlineError {
  return new SightlineError("unsupported", `RTP cannot carry a JPEG picture like this: ${reason}.`);
}
