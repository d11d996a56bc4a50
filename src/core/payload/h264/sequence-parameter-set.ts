import { BitReader, unescapeRbsp } from "./bit-reader.js";
import { NalType, nalType } from "./nal.js";

/** What a sequence parameter set says about the stream (H.264 §7.3.2.1.1). */
export interface SequenceParameterSet {
  /** 66 baseline, 77 main, 100 high, … (H.264 Annex A). */
  readonly profileIdc: number;
  /** Ten times the level: 31 is level 3.1. */
  readonly levelIdc: number;
  /** The size of the shown picture, in luma samples: cropping is taken off. */
  readonly width: number;
  readonly height: number;
}

/** The profiles whose parameter sets describe the chroma format and scaling (H.264 §7.3.2.1.1). */
const PROFILES_WITH_CHROMA_FORMAT = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Macroblocks in each direction: level 6.2, the highest there is, allows √(139,264 · 8) = 1,055. */
const MAX_MACROBLOCKS = 1_055;

const MACROBLOCK_SIZE = 16;

/**
 * Reads a sequence parameter set, as far as the size of the picture.
 *
 * @param nal - the NAL unit, without a start code
 * @returns undefined if it is malformed or another kind of NAL unit
 */
export function parseSequenceParameterSet(nal: Uint8Array): SequenceParameterSet | undefined {
  if (nal.length < 4 || nalType(nal[0]!) !== NalType.sequenceParameterSet) return undefined;
  const reader = new BitReader(unescapeRbsp(nal.subarray(1)));
  const profileIdc = reader.bits(8);
  reader.bits(8); // constraint flags
  const levelIdc = reader.bits(8);
  reader.ue(); // seq_parameter_set_id
  const chromaArrayType = PROFILES_WITH_CHROMA_FORMAT.has(profileIdc) ? readChromaFormat(reader) : 1;
  reader.ue(); // log2_max_frame_num_minus4
  skipPictureOrderCount(reader);
  reader.ue(); // max_num_ref_frames
  reader.bit(); // gaps_in_frame_num_value_allowed_flag
  const widthInMacroblocks = reader.ue() + 1;
  const heightInMapUnits = reader.ue() + 1;
  const fieldsPerMapUnit = reader.bit() === 1 ? 1 : 2; // frame_mbs_only_flag
  if (fieldsPerMapUnit === 2) reader.bit(); // mb_adaptive_frame_field_flag
  reader.bit(); // direct_8x8_inference_flag
  const crop = reader.bit() === 1 ? readCrop(reader) : { horizontal: 0, vertical: 0 };

  const heightInMacroblocks = heightInMapUnits * fieldsPerMapUnit;
  if (reader.overrun || widthInMacroblocks > MAX_MACROBLOCKS || heightInMacroblocks > MAX_MACROBLOCKS) return undefined;
  // Cropping counts in chroma samples, of both fields where pictures may be interlaced (equations 7-19 to 7-22).
  const cropUnitX = chromaArrayType === 1 || chromaArrayType === 2 ? 2 : 1;
  const cropUnitY = (chromaArrayType === 1 ? 2 : 1) * fieldsPerMapUnit;
  const width = widthInMacroblocks * MACROBLOCK_SIZE - crop.horizontal * cropUnitX;
  const height = heightInMacroblocks * MACROBLOCK_SIZE - crop.vertical * cropUnitY;
  return width > 0 && height > 0 ? { profileIdc, levelIdc, width, height } : undefined;
}

/** ChromaArrayType: 0 monochrome or separate planes, 1 4:2:0, 2 4:2:2, 3 4:4:4. */
function readChromaFormat(reader: BitReader): number {
  const chromaFormatIdc = reader.ue();
  const hasSeparatePlanes = chromaFormatIdc === 3 && reader.bit() === 1;
  reader.ue(); // bit_depth_luma_minus8
  reader.ue(); // bit_depth_chroma_minus8
  reader.bit(); // qpprime_y_zero_transform_bypass_flag
  if (reader.bit() === 1) {
    const listCount = chromaFormatIdc === 3 ? 12 : 8;
    for (let list = 0; list < listCount; list++) {
      if (reader.bit() === 1) skipScalingList(reader, list < 6 ? 16 : 64);
    }
  }
  return hasSeparatePlanes ? 0 : chromaFormatIdc;
}

/** H.264 §7.3.2.1.1.1. */
function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  for (let i = 0; i < size; i++) {
    const next = (last + reader.se() + 256) & 0xff;
    if (next === 0) return;
    last = next;
  }
}

function skipPictureOrderCount(reader: BitReader): void {
  const type = reader.ue(); // pic_order_cnt_type
  if (type === 0) {
    reader.ue(); // log2_max_pic_order_cnt_lsb_minus4
  } else if (type === 1) {
    reader.bit(); // delta_pic_order_always_zero_flag
    reader.se(); // offset_for_non_ref_pic
    reader.se(); // offset_for_top_to_bottom_field
    const cycleLength = reader.ue(); // num_ref_frames_in_pic_order_cnt_cycle
    for (let i = 0; i < cycleLength && !reader.overrun; i++) reader.se();
  }
}

function readCrop(reader: BitReader): { horizontal: number; vertical: number } {
  const [left, right, top, bottom] = [reader.ue(), reader.ue(), reader.ue(), reader.ue()];
  return { horizontal: left + right, vertical: top + bottom };
}
