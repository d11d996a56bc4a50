/**
 * What the erasure code and the protection of frames cost. A microsecond per kilobyte is a gigabyte per second; the calls
 * are measured as they are used, copies into and out of the engine's memory included.
 */

import { createErasureEngine, ReedSolomon, SeededRng } from "sightline/core";
import { bench } from "./measure.js";

const SHARD_BYTES = 1_200;
const BLOCKS = [
  { dataShards: 10, parityShards: 2 },
  { dataShards: 20, parityShards: 4 },
  { dataShards: 40, parityShards: 10 },
];
const PER_KILOBYTE = { unit: "µs", per: "kB" } as const;

const rng = new SeededRng(1);

for (const block of BLOCKS) {
  const { dataShards, parityShards } = block;
  const data = Array.from({ length: dataShards }, () => Uint8Array.from({ length: SHARD_BYTES }, () => rng.uint32()));
  const kilobytes = (dataShards * SHARD_BYTES) / 1_000;
  for (const kind of ["wasm", "typescript"] as const) {
    const code = new ReedSolomon({ ...block, engine: createErasureEngine(kind) });
    const name = `${dataShards}+${parityShards} shards, ${kind}`;
    report(
      bench(`Reed-Solomon encode, ${name}`, PER_KILOBYTE, () => {
        code.encode(data);
        return kilobytes;
      }).median,
    );
    const received = [...data.map((shard, i) => (i < parityShards ? undefined : shard)), ...code.encode(data)];
    report(
      bench(`Reed-Solomon decode, ${parityShards} lost, ${name}`, PER_KILOBYTE, () => {
        if (code.decode(received) === undefined) throw new Error("the block could not be decoded");
        return kilobytes;
      }).median,
    );
  }
}

/** Says the same as a throughput of data. */
function report(microsPerKilobyte: number): void {
  console.log(`${"".padEnd(52)} ${(1 / microsPerKilobyte).toFixed(2).padStart(8)} GB/s of data`);
}
