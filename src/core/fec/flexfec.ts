import { readUint16, readUint32, writeUint16, writeUint32 } from "../rtp/byte-order.js";
import { type RtpPacket, type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/index.js";
import { PROTECTED_HEADER_SIZE } from "./protected-form.js";
import type { Repair, RepairFormat } from "./repair-format.js";

/** The parts of the mask: where each begins in the payload, and how many bits it has after its k bit. */
const MASK_PARTS = [
  { offset: 18, bits: 15 },
  { offset: 20, bits: 31 },
  { offset: 24, bits: 63 },
] as const;

/** Packets that the mask may span, in the two parts that libwebrtc's decoder is sure to take. */
export const FLEXFEC_MAX_SPAN = 46;

/**
 * The payload of a FlexFEC repair packet: its R and F bits are 0, it protects one stream, and its mask is flexible
 * (draft-ietf-payload-flexible-fec-scheme-03 §4.2, in libwebrtc's reading: a k bit that is *set* ends the mask). Bit i of
 * the mask stands for the packet SN base + i.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |R|F|P|X|  CC   |M| PT recovery |        length recovery        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                          TS recovery                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | SSRCCount = 1 |                    reserved                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                             SSRC                              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            SN base            |k|          Mask [0-14]        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |k|                   Mask [15-45] (optional)                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |k|                                                             |
 * +-+                   Mask [46-108] (optional)                  |
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         parity of what follows the packets' headers ...       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * The first eight bytes and the parity after the mask are together the XOR of the packets' protected forms.
 *
 * @param sequences - ascending, within {@link FLEXFEC_MAX_SPAN}
 */
export function writeFlexFec(ssrc: number, sequences: readonly SequenceNumber[], parity: Uint8Array): Uint8Array {
  const base = sequences[0]!;
  const offsets = sequences.map((sequence) => sequenceDelta(base, sequence));
  const hasSecondPart = offsets.at(-1)! >= MASK_PARTS[0].bits;
  const headerSize = hasSecondPart ? 24 : 20;
  const payload = new Uint8Array(headerSize + parity.length - PROTECTED_HEADER_SIZE);
  payload.set(parity.subarray(0, PROTECTED_HEADER_SIZE));
  payload[8] = 1;
  writeUint32(payload, 12, ssrc);
  writeUint16(payload, 16, base);
  for (const offset of offsets) setMaskBit(payload, offset);
  const last = MASK_PARTS[hasSecondPart ? 1 : 0].offset;
  payload[last] = payload[last]! | 0x80;
  payload.set(parity.subarray(PROTECTED_HEADER_SIZE), headerSize);
  return payload;
}

function setMaskBit(payload: Uint8Array, index: number): void {
  const inFirst = index < MASK_PARTS[0].bits;
  const { offset } = MASK_PARTS[inFirst ? 0 : 1];
  const bit = 1 + (inFirst ? index : index - MASK_PARTS[0].bits);
  const at = offset + (bit >> 3);
  payload[at] = payload[at]! | (0x80 >> (bit & 7));
}

/** Reads a FlexFEC repair packet; undefined if malformed or of a kind that libwebrtc does not send. */
export function readFlexFec({ payload }: RtpPacket): Repair | undefined {
  if (payload.length < 20 || (payload[0]! & 0xc0) !== 0 || payload[8] !== 1) return undefined;
  const base = readUint16(payload, 16);
  const sequences: SequenceNumber[] = [];
  let first = 0;
  for (const { offset, bits } of MASK_PARTS) {
    const end = offset + (bits + 1) / 8;
    if (payload.length < end) return undefined;
    for (let bit = 1; bit <= bits; bit++) {
      const isSet = (payload[offset + (bit >> 3)]! & (0x80 >> (bit & 7))) !== 0;
      if (isSet) sequences.push(sequenceNumber(base + first + bit - 1));
    }
    if ((payload[offset]! & 0x80) !== 0) {
      return sequences.length === 0 ? undefined : repairOf(payload, sequences, end);
    }
    first += bits;
  }
  return undefined;
}

function repairOf(payload: Uint8Array, sequences: readonly SequenceNumber[], headerSize: number): Repair {
  const parity = new Uint8Array(PROTECTED_HEADER_SIZE + payload.length - headerSize);
  parity.set(payload.subarray(0, PROTECTED_HEADER_SIZE));
  parity.set(payload.subarray(headerSize), PROTECTED_HEADER_SIZE);
  const factors = new Uint8Array(sequences.length).fill(1);
  return { ssrc: readUint32(payload, 12), sequences, factors, parity, remaining: 0 };
}

/**
 * The format of FlexFEC-03 as browsers speak it. They protect every packet as it leaves, with zeros in the header extensions
 * that are written last.
 *
 * @param mutableExtension - the ID of the transport-wide sequence number
 */
export function flexFecFormat(mutableExtension: number | undefined): RepairFormat {
  return {
    readRepair: readFlexFec,
    normalize: (packet) => ({
      ...packet,
      extensions: packet.extensions.map((extension) =>
        extension.id === mutableExtension ? { ...extension, data: new Uint8Array(extension.data.length) } : extension,
      ),
    }),
  };
}
