import { START_CODE } from "./annex-b.js";

/** Writes NAL units, whole or piece by piece, into one byte stream (H.264 Annex B) of its own memory. */
export class AnnexBWriter {
  private readonly memory: Uint8Array;
  private length = 0;
  /** Where each NAL unit starts, behind its start code. */
  private readonly starts: number[] = [];

  /** @param capacity - a bound on what will be written, start codes included, in bytes */
  constructor(capacity: number) {
    this.memory = new Uint8Array(capacity);
  }

  /** Writes a whole NAL unit. */
  writeNal(nal: Uint8Array): void {
    this.writeStartCode();
    this.append(nal, { from: 0 });
  }

  /** Starts a NAL unit with its header byte; {@link append} adds the rest. */
  startNal(header: number): void {
    this.writeStartCode();
    this.memory[this.length++] = header;
  }

  /** Adds bytes to the last NAL unit: `data` without its first `from` bytes. */
  append(data: Uint8Array, { from }: { readonly from: number }): void {
    this.memory.set(from === 0 ? data : data.subarray(from), this.length);
    this.length += data.length - from;
  }

  /** The byte stream so far, a view of the writer's memory. */
  data(): Uint8Array {
    return this.memory.subarray(0, this.length);
  }

  /** The NAL units so far, views of the writer's memory. */
  nals(): Uint8Array[] {
    return this.starts.map((start, index) => {
      const next = this.starts[index + 1];
      return this.memory.subarray(start, next === undefined ? this.length : next - START_CODE.length);
    });
  }

  private writeStartCode(): void {
    this.memory.set(START_CODE, this.length);
    this.length += START_CODE.length;
    this.starts.push(this.length);
  }
}
