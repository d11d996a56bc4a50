import type { DepacketizedFrame, Depacketizer, PayloadHints } from "../payload-format.js";
import { writeJfif } from "./jfif-writer.js";
import {
  parseRtpJpegPayload,
  QUALITY_DYNAMIC_TABLES,
  QUALITY_IN_BAND_TABLES,
  type RtpJpegHeader,
  TABLE_SIZE,
} from "./rtp-jpeg-header.js";
import { standardQuantizationTables } from "./standard-tables.js";

type QuantizationTables = readonly [Uint8Array, Uint8Array];

/**
 * Depacketizes JPEG (RFC 2435) into whole JFIF files. One for each stream: it keeps the tables of the qualities 128 to
 * 254, which a sender need not repeat with every frame.
 */
export class JpegDepacketizer implements Depacketizer {
  /** {@inheritDoc Depacketizer.intraOnly} */
  readonly intraOnly = true;
  private readonly staticTables = new Map<number, QuantizationTables>();

  /** {@inheritDoc Depacketizer.inspect} */
  inspect(payload: Uint8Array): PayloadHints | undefined {
    const parsed = parseRtpJpegPayload(payload);
    return parsed && { startsFrame: parsed.header.fragmentOffset === 0 ? "yes" : "no", keyframe: true };
  }

  /** {@inheritDoc Depacketizer.depacketize} */
  depacketize(payloads: readonly Uint8Array[]): DepacketizedFrame | undefined {
    let first: RtpJpegHeader | undefined;
    let size = 0;
    const scanFragments: Uint8Array[] = [];
    for (const payload of payloads) {
      const parsed = parseRtpJpegPayload(payload);
      if (parsed === undefined || parsed.header.fragmentOffset !== size) return undefined;
      first ??= parsed.header;
      if (!isSamePicture(first, parsed.header)) return undefined;
      scanFragments.push(parsed.data);
      size += parsed.data.length;
    }
    if (first === undefined || size === 0) return undefined;
    const quantizationTables = this.quantizationTables(first);
    return quantizationTables && { data: writeJfif({ ...first, quantizationTables, scanFragments }), keyframe: true };
  }

  private quantizationTables({ quality, quantizationTables }: RtpJpegHeader): QuantizationTables | undefined {
    if (quality < QUALITY_IN_BAND_TABLES) return standardQuantizationTables(quality);
    if (quantizationTables === undefined || quantizationTables.length === 0) return this.staticTables.get(quality);
    // A copy: the cache must not hold the memory of a whole datagram.
    const data = quantizationTables.slice();
    // A single table is that of all components, as a file has it whose components share one.
    const tables: QuantizationTables = [data.subarray(0, TABLE_SIZE), data.subarray(-TABLE_SIZE)];
    if (quality !== QUALITY_DYNAMIC_TABLES) this.staticTables.set(quality, tables);
    return tables;
  }
}

function isSamePicture(a: RtpJpegHeader, b: RtpJpegHeader): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.subsampling === b.subsampling &&
    a.quality === b.quality &&
    a.restartInterval === b.restartInterval
  );
}
