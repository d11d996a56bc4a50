import { COMBINE_MODULE } from "./combine-module.js";
import type { ErasureEngine } from "./erasure-engine.js";
import { nibbleTable } from "./galois.js";
import type { Matrix } from "./linear-system.js";
import { instantiate, type WasmMemory } from "./webassembly.js";

const PAGE_SIZE = 65_536;
/** The module's loops take this many bytes of a shard at a time. */
const GRANULE = 64;
const MATRIX_OFFSET = 256 * 32;
/** Rows and columns are at most 128 each. */
const SHARDS_OFFSET = MATRIX_OFFSET + 128 * 256;

interface CombineExports {
  readonly memory: WasmMemory;
  combine(targets: number, sources: number, pitch: number, matrix: number, rows: number, columns: number): void;
}

/** The operation in WebAssembly SIMD (combine.wat), on shards in its linear memory. */
export class WasmEngine implements ErasureEngine {
  readonly kind = "wasm";
  private readonly exports: CombineExports;
  private bytes: Uint8Array;
  private shardPitch = 0;

  private constructor(exports: CombineExports) {
    this.exports = exports;
    this.bytes = new Uint8Array(exports.memory.buffer);
    this.bytes.set(nibbleTable());
  }

  /** An engine, or undefined where WebAssembly SIMD cannot run. */
  static create(): WasmEngine | undefined {
    const exports = instantiate(fromHex(COMBINE_MODULE)) as CombineExports | undefined;
    return exports === undefined ? undefined : new WasmEngine(exports);
  }

  /** {@inheritDoc ErasureEngine.memory} */
  get memory(): Uint8Array {
    return this.bytes;
  }

  /** {@inheritDoc ErasureEngine.pitch} */
  get pitch(): number {
    return this.shardPitch;
  }

  /** {@inheritDoc ErasureEngine.reserve} */
  reserve(count: number, size: number): void {
    this.shardPitch = Math.max(Math.ceil(size / GRANULE), 1) * GRANULE;
    const missing = SHARDS_OFFSET + count * this.shardPitch - this.bytes.length;
    if (missing <= 0) return;
    this.exports.memory.grow(Math.ceil(missing / PAGE_SIZE));
    this.bytes = new Uint8Array(this.exports.memory.buffer);
  }

  /** {@inheritDoc ErasureEngine.offset} */
  offset(index: number): number {
    return SHARDS_OFFSET + index * this.shardPitch;
  }

  /** {@inheritDoc ErasureEngine.combine} */
  combine({ elements, rows, columns }: Matrix): void {
    this.bytes.set(elements, MATRIX_OFFSET);
    this.exports.combine(this.offset(columns), this.offset(0), this.shardPitch, MATRIX_OFFSET, rows, columns);
  }
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
