import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { SeededRng } from "../random.js";
import { CAUCHY_SIZE, cauchy } from "./cauchy.js";
import { createErasureEngine } from "./create-erasure-engine.js";
import { inverse, multiply, nibbleTable, PRODUCTS } from "./galois.js";
import { ReedSolomon } from "./reed-solomon.js";

const ENGINES = { wasm: createErasureEngine("wasm"), typescript: createErasureEngine("typescript") };
const SEED = 3;

/** A block and what of it is lost. */
const blocks = fc
  .record({
    dataShards: fc.integer({ min: 1, max: 128 }),
    parityShards: fc.integer({ min: 1, max: 24 }),
    size: fc.integer({ min: 0, max: 200 }),
    seed: fc.integer(),
  })
  .map(({ dataShards, parityShards, size, seed }) => {
    const rng = new SeededRng(seed);
    const data = Array.from({ length: dataShards }, (_, i) =>
      Uint8Array.from({ length: i === 0 ? size : rng.uint32() % (size + 1) }, () => rng.uint32()),
    );
    const indexes = Array.from({ length: dataShards + parityShards }, (_, i) => i);
    const losses = shuffled(indexes, rng).slice(0, rng.uint32() % (parityShards + 1));
    return { dataShards, parityShards, data, losses: new Set(losses) };
  });

function shuffled(items: readonly number[], rng: SeededRng): number[] {
  return items
    .map((item) => ({ item, key: rng.uint32() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function padded(shard: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  result.set(shard);
  return result;
}

test("the field: every element but 0 has an inverse, and multiplication distributes over addition", () => {
  for (let a = 1; a < 256; a++) expect(multiply(a, inverse(a))).toBe(1);
  fc.assert(
    fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
      expect(multiply(a, b)).toBe(multiply(b, a));
      expect(multiply(a, multiply(b, c))).toBe(multiply(multiply(a, b), c));
      expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
    }),
    { seed: SEED },
  );
  expect(multiply(2, 0x80)).toBe(0x1d);
});

test("the tables of products agree with multiplication", () => {
  const nibbles = nibbleTable();
  const pairs = Array.from(PRODUCTS.keys(), (index) => ({ a: index >> 8, b: index & 0xff }));
  expect(PRODUCTS).toEqual(Uint8Array.from(pairs, ({ a, b }) => multiply(a, b)));
  const fromNibbles = ({ a, b }: { a: number; b: number }) =>
    nibbles[32 * a + (b & 15)]! ^ nibbles[32 * a + 16 + (b >> 4)]!;
  expect(PRODUCTS).toEqual(Uint8Array.from(pairs, fromNibbles));
});

test("no element of the Cauchy matrix is 0, and none repeats in a row or a column", () => {
  for (let i = 0; i < CAUCHY_SIZE; i++) {
    const along = Array.from({ length: CAUCHY_SIZE }, (_, j) => j);
    expect(new Set(along.map((j) => cauchy(i, j)).filter((element) => element > 0)).size).toBe(CAUCHY_SIZE);
    expect(new Set(along.map((j) => cauchy(j, i)).filter((element) => element > 0)).size).toBe(CAUCHY_SIZE);
  }
});

test("WebAssembly SIMD runs here", () => {
  expect(ENGINES.wasm.kind).toBe("wasm");
  expect(ENGINES.typescript.kind).toBe("typescript");
});

test("a platform without WebAssembly, or without its SIMD, has the plain engine", () => {
  vi.stubGlobal("WebAssembly", undefined);
  expect(createErasureEngine().kind).toBe("typescript");
  vi.stubGlobal("WebAssembly", {
    Module: class {
      constructor() {
        throw new Error("unknown opcode");
      }
    },
  });
  expect(createErasureEngine().kind).toBe("typescript");
  vi.unstubAllGlobals();
});

test("one parity of one shard is the shard times the matrix's element, worked out by hand", () => {
  // Row 0, column 0 is 1 / 0x80, that is 1 / x⁷. As x⁸ + x⁴ + x³ + x² = 1, 1 / x is x⁷ + x³ + x² + x = 0x8e; halving like
  // this six times more (a right shift, and XOR 0x8e if a 1 falls out) gives 47, ad, d8, 6c, 36, 1b.
  for (const engine of Object.values(ENGINES)) {
    const code = new ReedSolomon({ dataShards: 1, parityShards: 1, engine });
    expect(code.encode([Uint8Array.of(0, 1, 0x80)])).toEqual([Uint8Array.of(0, 0x1b, 1)]);
  }
});

test("any k shards of a block give its data, and both engines make the same bytes", () => {
  fc.assert(
    fc.property(blocks, ({ dataShards, parityShards, data, losses }) => {
      const [wasm, typescript] = [ENGINES.wasm, ENGINES.typescript].map((engine) => {
        const code = new ReedSolomon({ dataShards, parityShards, engine });
        const parity = code.encode(data);
        const received = [...data, ...parity].map((shard, i) => (losses.has(i) ? undefined : shard));
        return { parity, decoded: code.decode(received) };
      });
      expect(wasm).toEqual(typescript);
      const size = Math.max(...data.map(({ length }) => length));
      expect(wasm!.decoded!.map((shard) => padded(shard, size))).toEqual(data.map((shard) => padded(shard, size)));
    }),
    { numRuns: 100, seed: SEED },
  );
});

test("the largest block survives the loss of all its data", () => {
  const rng = new SeededRng(SEED);
  const code = new ReedSolomon({ dataShards: 128, parityShards: 128 });
  const data = Array.from({ length: 128 }, () => Uint8Array.from({ length: 33 }, () => rng.uint32()));
  expect(code.decode([...data.map(() => undefined), ...code.encode(data)])).toEqual(data);
});

test("more losses than parities cannot be repaired", () => {
  const code = new ReedSolomon({ dataShards: 3, parityShards: 2 });
  const data = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
  const parity = code.encode(data);
  expect(code.decode([undefined, undefined, undefined, ...parity])).toBeUndefined();
  expect(code.decode([undefined, undefined, data[2], parity[0], undefined])).toBeUndefined();
  expect(code.decode([...data, undefined, undefined])).toEqual(data);
});

test("blocks of impossible sizes are refused", () => {
  for (const dataShards of [0, 129, 1.5]) {
    expect(() => new ReedSolomon({ dataShards, parityShards: 1 })).toThrow("1 to 128");
  }
  expect(() => new ReedSolomon({ dataShards: 2, parityShards: 1 }).encode([new Uint8Array(1)])).toThrow("2 shards");
});
