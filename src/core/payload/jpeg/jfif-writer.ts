import type { JpegPicture } from "./jfif-reader.js";
import { Marker } from "./marker.js";
import { STANDARD_HUFFMAN_TABLES } from "./standard-tables.js";

/** "JFIF", version 1.1, square pixels, no thumbnail. */
const JFIF_HEADER = [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];

/** Component numbers as JFIF has them: luminance, blue and red difference. */
const [Y, CB, CR] = [1, 2, 3];

const HUFFMAN_SEGMENTS = STANDARD_HUFFMAN_TABLES.flatMap(({ id, data }) =>
  segment(Marker.defineHuffmanTables, [id, ...data]),
);

const SCAN_HEADER = segment(Marker.startOfScan, [3, Y, 0x00, CB, 0x11, CR, 0x11, 0, 63, 0]);

/** A picture whose scan is in pieces, as packets bring it. */
export interface FragmentedJpegPicture extends Omit<JpegPicture, "scan"> {
  readonly scanFragments: readonly Uint8Array[];
}

/** Writes a whole JPEG file in the JFIF form, with the standard Huffman tables (RFC 2435 appendix B). */
export function writeJfif(picture: FragmentedJpegPicture): Uint8Array {
  const headers = writeHeaders(picture);
  const scanSize = picture.scanFragments.reduce((sum, fragment) => sum + fragment.length, 0);
  const file = new Uint8Array(headers.length + scanSize + 2);
  file.set(headers);
  let at = headers.length;
  for (const fragment of picture.scanFragments) {
    file.set(fragment, at);
    at += fragment.length;
  }
  // Some senders count the end-of-image marker as part of the scan.
  if (scanSize >= 2 && file[at - 2] === 0xff && file[at - 1] === Marker.endOfImage) return file.subarray(0, at);
  file.set([0xff, Marker.endOfImage], at);
  return file;
}

function writeHeaders(picture: FragmentedJpegPicture): number[] {
  const { width, height, restartInterval, quantizationTables } = picture;
  const lumaSampling = picture.subsampling === "4:2:0" ? 0x22 : 0x21;
  return [
    0xff,
    Marker.startOfImage,
    ...segment(Marker.application0, JFIF_HEADER),
    ...segment(Marker.defineQuantizationTables, [0, ...quantizationTables[0], 1, ...quantizationTables[1]]),
    ...(restartInterval > 0 ? segment(Marker.defineRestartInterval, uint16(restartInterval)) : []),
    ...segment(Marker.startOfFrame0, [
      ...[8, ...uint16(height), ...uint16(width), 3],
      ...[Y, lumaSampling, 0],
      ...[CB, 0x11, 1],
      ...[CR, 0x11, 1],
    ]),
    ...HUFFMAN_SEGMENTS,
    ...SCAN_HEADER,
  ];
}

/** A marker segment: `FF marker(8) size(16) body`; the size counts itself (T.81 §B.1.1.4). */
function segment(marker: number, body: readonly number[]): number[] {
  return [0xff, marker, ...uint16(body.length + 2), ...body];
}

function uint16(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
