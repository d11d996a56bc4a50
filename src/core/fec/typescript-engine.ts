import type { ErasureEngine } from "./erasure-engine.js";
import { PRODUCTS } from "./galois.js";
import type { Matrix } from "./linear-system.js";

/** The operation in plain TypeScript: the same bytes, for platforms without WebAssembly SIMD. */
export class TypeScriptEngine implements ErasureEngine {
  readonly kind = "typescript";
  private bytes = new Uint8Array(0);
  private shardPitch = 0;

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
    this.shardPitch = size;
    if (count * size > this.bytes.length) this.bytes = new Uint8Array(count * size);
  }

  /** {@inheritDoc ErasureEngine.offset} */
  offset(index: number): number {
    return index * this.shardPitch;
  }

  /** {@inheritDoc ErasureEngine.combine} */
  combine({ elements, rows, columns }: Matrix): void {
    for (let row = 0; row < rows; row++) {
      const target = this.offset(columns + row);
      this.bytes.fill(0, target, target + this.shardPitch);
      for (let column = 0; column < columns; column++) {
        this.addProduct(target, elements[row * columns + column]!, this.offset(column));
      }
    }
  }

  /** Adds `coefficient` times the shard at `source` to the one at `target`. */
  private addProduct(target: number, coefficient: number, source: number): void {
    const { bytes, shardPitch } = this;
    const table = coefficient * 256;
    for (let i = 0; i < shardPitch; i++) {
      bytes[target + i] = bytes[target + i]! ^ PRODUCTS[table + bytes[source + i]!]!;
    }
  }
}
