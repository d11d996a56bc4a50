import type { Matrix } from "./linear-system.js";

/**
 * Memory for shards, and the one operation that erasure codes need on it. What is in the memory belongs to nobody for
 * longer than one call of {@link combineShards}.
 */
export interface ErasureEngine {
  readonly kind: "wasm" | "typescript";
  /** The memory that offsets count in. {@link reserve} may replace it. */
  readonly memory: Uint8Array;
  /** Bytes from one shard to the next: the size reserved, perhaps rounded up. */
  readonly pitch: number;
  /** Makes room for `count` shards of up to `size` bytes; what they hold is undefined. */
  reserve(count: number, size: number): void;
  /** Where shard `index` is in {@link memory}. */
  offset(index: number): number;
  /**
   * Takes the first shards, one for each column of `matrix`, as sources, and makes the shards after them, one for each row,
   * the sums of sources times the row's elements; there is at least one of each. Every shard is taken as {@link pitch} bytes.
   */
  combine(matrix: Matrix): void;
}

/**
 * The sums of `sources` times the elements of each row of `matrix`.
 *
 * @param sources - at least one, one for each column; shorter ones count as filled up with zeros
 * @param size - of a result; at least that of the longest source
 * @returns a shard for each row, in memory of its own
 */
export function combineShards(
  engine: ErasureEngine,
  sources: readonly Uint8Array[],
  { matrix, size }: { readonly matrix: Matrix; readonly size: number },
): Uint8Array[] {
  engine.reserve(matrix.columns + matrix.rows, size);
  const { memory, pitch } = engine;
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i]!;
    const offset = engine.offset(i);
    memory.set(source, offset);
    if (source.length < pitch) memory.fill(0, offset + source.length, offset + pitch);
  }
  engine.combine(matrix);
  const results: Uint8Array[] = [];
  for (let row = 0; row < matrix.rows; row++) {
    const offset = engine.offset(matrix.columns + row);
    results.push(memory.slice(offset, offset + size));
  }
  return results;
}

/** Bytes of the longest shard. */
export function longestShard(shards: readonly Uint8Array[]): number {
  let longest = 0;
  for (const { length } of shards) {
    if (length > longest) longest = length;
  }
  return longest;
}
