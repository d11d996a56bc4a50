import type { DepacketizedFrame } from "../payload-format.js";
import { isKeyframe } from "./access-unit.js";
import { START_CODE } from "./annex-b.js";
import { NalType, nalType } from "./nal.js";

/** Parameter sets of an access unit that a later one is compared with; the rest are taken as they come. */
const MAX_COMPARED_PARAMETER_SETS = 16;

/** Builds an access unit from NAL units, whole or in fragments, as one byte stream (H.264 Annex B) of its own memory. */
export class AccessUnitBuilder {
  private readonly memory: Uint8Array;
  private length = 0;
  /** Where each NAL unit starts, behind its start code. */
  private readonly starts: number[] = [];
  private readonly parameterSets: Uint8Array[] = [];

  /** @param capacity - a bound on what will be added, with a start code of 4 bytes for each NAL unit, in bytes */
  constructor(capacity: number) {
    this.memory = new Uint8Array(capacity);
  }

  /**
   * Adds a whole NAL unit. A parameter set that the access unit has already is left out: GStreamer's payloader can repeat
   * them before every slice, and there a decoder would take them for the start of the next access unit.
   */
  addNal(nal: Uint8Array): void {
    const type = nalType(nal[0]!);
    if (type === NalType.sequenceParameterSet || type === NalType.pictureParameterSet) {
      if (this.parameterSets.some((known) => isEqual(known, nal))) return;
      if (this.parameterSets.length < MAX_COMPARED_PARAMETER_SETS) this.parameterSets.push(nal);
    }
    this.addStartCode();
    this.append(nal, { from: 0 });
  }

  /** Starts a NAL unit with its header byte; {@link append} adds the rest. */
  startNal(header: number): void {
    this.addStartCode();
    this.memory[this.length++] = header;
  }

  /** Adds bytes to the last NAL unit: `data` without its first `from` bytes. */
  append(data: Uint8Array, { from }: { readonly from: number }): void {
    this.memory.set(data.subarray(from), this.length);
    this.length += data.length - from;
  }

  /** The access unit, a view of the builder's memory; undefined if nothing was added. */
  build(): DepacketizedFrame | undefined {
    if (this.starts.length === 0) return undefined;
    const nals = this.starts.map((start, index) => {
      const next = this.starts[index + 1];
      return this.memory.subarray(start, next === undefined ? this.length : next - START_CODE.length);
    });
    return { data: this.memory.subarray(0, this.length), keyframe: isKeyframe(nals) };
  }

  private addStartCode(): void {
    this.memory.set(START_CODE, this.length);
    this.length += START_CODE.length;
    this.starts.push(this.length);
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
