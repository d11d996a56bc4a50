import { SightlineError } from "../errors.js";
import { CAUCHY_SIZE, cauchy } from "./cauchy.js";
import { sharedErasureEngine } from "./create-erasure-engine.js";
import { combineShards, type ErasureEngine, longestShard } from "./erasure-engine.js";
import { type Matrix, matrixOf, recoveryMatrix } from "./linear-system.js";

/** How many shards a block has. */
export interface ReedSolomonOptions {
  /** k: shards of data, 1 … 128. */
  readonly dataShards: number;
  /** m: shards of parity, 1 … 128. */
  readonly parityShards: number;
  /** Default: the fastest that there is. */
  readonly engine?: ErasureEngine;
}

/**
 * A systematic Reed-Solomon erasure code with a Cauchy matrix over GF(2⁸): any k of a block's k + m shards give all of its
 * data. Shards may differ in length; shorter ones count as filled up with zeros.
 */
export class ReedSolomon {
  private readonly dataShards: number;
  private readonly parityShards: number;
  private readonly engine: ErasureEngine;
  private readonly matrix: Matrix;

  /** @throws SightlineError `invalid-argument`: a number of shards is not 1 … 128. */
  constructor({ dataShards, parityShards, engine = sharedErasureEngine() }: ReedSolomonOptions) {
    for (const count of [dataShards, parityShards]) {
      if (Number.isInteger(count) && count >= 1 && count <= CAUCHY_SIZE) continue;
      throw new SightlineError("invalid-argument", `A block has 1 to ${CAUCHY_SIZE} shards of a kind, not ${count}.`);
    }
    this.dataShards = dataShards;
    this.parityShards = parityShards;
    this.engine = engine;
    this.matrix = matrixOf(parityShards, dataShards, cauchy);
  }

  /**
   * The parity of a block.
   *
   * @param data - k shards
   * @returns m shards, as long as the longest of `data`, in memory of their own
   * @throws SightlineError `invalid-argument`: `data` has not k shards.
   */
  encode(data: readonly Uint8Array[]): Uint8Array[] {
    const { dataShards, engine, matrix } = this;
    if (data.length !== dataShards)
      throw new SightlineError("invalid-argument", `This code takes ${dataShards} shards, not ${data.length}.`);
    return combineShards(engine, data, { matrix, size: longestShard(data) });
  }

  /**
   * The data of a block of which at least k shards are there.
   *
   * @param shards - k shards of data and m of parity in order, undefined where lost; parities of one block are equally long
   * @returns all k shards of data, lost ones as long as the longest shard; undefined if fewer than k shards are there
   */
  decode(shards: readonly (Uint8Array | undefined)[]): Uint8Array[] | undefined {
    const { dataShards, parityShards, engine } = this;
    const data = shards.slice(0, dataShards);
    const lost: number[] = [];
    const known: number[] = [];
    for (let column = 0; column < dataShards; column++) (shards[column] === undefined ? lost : known).push(column);
    if (lost.length === 0) return data as Uint8Array[];
    const rows: number[] = [];
    for (let row = 0; row < parityShards && rows.length < lost.length; row++) {
      if (shards[dataShards + row] !== undefined) rows.push(row);
    }

    const matrix = recoveryMatrix(
      matrixOf(rows.length, lost.length, (row, column) => cauchy(rows[row]!, lost[column]!)),
      matrixOf(rows.length, known.length, (row, column) => cauchy(rows[row]!, known[column]!)),
    );
    if (matrix === undefined) return undefined;
    const sources = [...rows.map((row) => shards[dataShards + row]!), ...known.map((column) => shards[column]!)];
    const recovered = combineShards(engine, sources, { matrix, size: longestShard(sources) });
    for (const [i, column] of lost.entries()) data[column] = recovered[i];
    return data as Uint8Array[];
  }
}
