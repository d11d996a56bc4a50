import { SightlineError } from "../../errors.js";
import type { EncodedFrame } from "../../frame.js";
import { checkMaxPayloadSize, type Packetizer } from "../payload-format.js";
import { type JpegPicture, readJfif } from "./jfif-reader.js";
import {
  MAX_DIMENSION,
  MAX_SCAN_SIZE,
  QUALITY_DYNAMIC_TABLES,
  type RtpJpegHeader,
  rtpJpegHeaderSize,
  TABLE_SIZE,
  writeRtpJpegHeader,
} from "./rtp-jpeg-header.js";

/**
 * Packetizes JPEG files (RFC 2435): baseline, 4:2:0 or 4:2:2, standard Huffman tables, up to 2040×2040. The quantization
 * tables go in band with every frame. A size that is no multiple of 8 arrives as the next one that is: the format has no
 * finer unit, and the coded picture has those pixels anyway.
 */
export const jpegPacketizer: Packetizer = {
  packetize(frame: EncodedFrame, maxPayloadSize: number): Uint8Array[] {
    checkMaxPayloadSize(maxPayloadSize);
    const picture = readJfif(frame.data);
    checkSize(picture);
    const { width, height, subsampling, restartInterval, scan } = picture;
    const common = { width, height, subsampling, restartInterval, quality: QUALITY_DYNAMIC_TABLES };
    const payloads: Uint8Array[] = [];
    let fragmentOffset = 0;
    do {
      const header: RtpJpegHeader = {
        ...common,
        fragmentOffset,
        ...(fragmentOffset === 0 && { quantizationTables: joinTables(picture) }),
      };
      const headerSize = rtpJpegHeaderSize(header);
      const fragment = scan.subarray(fragmentOffset, fragmentOffset + maxPayloadSize - headerSize);
      const payload = new Uint8Array(headerSize + fragment.length);
      writeRtpJpegHeader(payload, header);
      payload.set(fragment, headerSize);
      payloads.push(payload);
      fragmentOffset += fragment.length;
    } while (fragmentOffset < scan.length);
    return payloads;
  },
};

function checkSize({ width, height, scan }: JpegPicture): void {
  if (width > MAX_DIMENSION || height > MAX_DIMENSION) {
    const limit = `${MAX_DIMENSION}x${MAX_DIMENSION}`;
    throw new SightlineError(
      "unsupported",
      `RTP cannot carry a JPEG picture of ${width}x${height}, only up to ${limit}; choose a smaller size or H.264.`,
    );
  }
  if (scan.length === 0) throw new SightlineError("invalid-data", "A JPEG picture has no data.");
  if (scan.length >= MAX_SCAN_SIZE) {
    throw new SightlineError(
      "unsupported",
      "RTP cannot carry a JPEG picture of 16 MiB or more; choose a lower quality.",
    );
  }
}

function joinTables({ quantizationTables: [luma, chroma] }: JpegPicture): Uint8Array {
  const tables = new Uint8Array(2 * TABLE_SIZE);
  tables.set(luma);
  tables.set(chroma, TABLE_SIZE);
  return tables;
}
