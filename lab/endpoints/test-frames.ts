import { type EncodedFrame, type Micros, type Rng, SeededRng } from "sightline/core";

const START_CODE = [0, 0, 0, 1];
/** Of Constrained Baseline, 640×480; enough for a payload format, which looks no further. */
const SEQUENCE_PARAMETER_SET = [0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x01, 0x41, 0xfb, 0x01, 0x10];
const PICTURE_PARAMETER_SET = [0x68, 0xce, 0x3c, 0x80];
const IDR_SLICE = 0x65;
const NON_IDR_SLICE = 0x41;
/** A slice header that starts with first_mb_in_slice = 0. */
const FIRST_SLICE_BYTE = 0x88;

/** Makes frames that look like H.264 to a payload format, and no two of which are equal. */
export class TestFrames {
  private readonly rng: Rng;

  constructor(seed: number) {
    this.rng = new SeededRng(seed);
  }

  /** A frame of about `size` bytes. */
  make({ captureTime, keyframe, size }: { captureTime: Micros; keyframe: boolean; size: number }): EncodedFrame {
    const head = keyframe
      ? [...START_CODE, ...SEQUENCE_PARAMETER_SET, ...START_CODE, ...PICTURE_PARAMETER_SET, ...START_CODE, IDR_SLICE]
      : [...START_CODE, NON_IDR_SLICE];
    const data = new Uint8Array(Math.max(size, head.length + 5));
    data.set(head);
    data[head.length] = FIRST_SLICE_BYTE;
    let state = this.rng.uint32();
    for (let i = head.length + 1; i < data.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      data[i] = (state >>> 24) | 1; // never zero: no start code appears within
    }
    return { codec: "h264", data, keyframe, captureTime };
  }
}
