import { inverse, PRODUCTS } from "./galois.js";

/** A matrix over GF(2⁸). */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly elements: Uint8Array;
}

/** The matrix with the elements that `element` says. */
export function matrixOf(rows: number, columns: number, element: (row: number, column: number) => number): Matrix {
  const elements = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) elements[row * columns + column] = element(row, column);
  }
  return { rows, columns, elements };
}

/**
 * How unknown shards follow from equations, each of which says that a parity is a sum of unknown and known shards, every
 * one times a factor.
 *
 * @param unknown - factors of the unknown shards: a row for each equation, a column for each shard
 * @param known - factors of the known shards, likewise
 * @returns a row for each unknown shard, with the factors of the parities and then of the known shards; undefined if the
 *   equations do not determine every unknown
 */
export function recoveryMatrix(unknown: Matrix, known: Matrix): Matrix | undefined {
  const { rows: equations, columns: unknowns } = unknown;
  // The equations side by side with the identity matrix and the known factors: what turns the left part into an identity
  // matrix turns the right part into the solution. One array, because views of rows take longer than small matrices.
  const width = unknowns + equations + known.columns;
  const work = new Uint8Array(equations * width);
  for (let row = 0; row < equations; row++) {
    const start = row * width;
    for (let i = 0; i < unknowns; i++) work[start + i] = unknown.elements[row * unknowns + i]!;
    work[start + unknowns + row] = 1;
    const right = start + unknowns + equations;
    for (let i = 0; i < known.columns; i++) work[right + i] = known.elements[row * known.columns + i]!;
  }
  const starts = eliminate(work, { width, columns: unknowns });
  if (starts === undefined) return undefined;
  const columns = equations + known.columns;
  const elements = new Uint8Array(unknowns * columns);
  for (let row = 0; row < unknowns; row++) {
    const start = starts[row]! + unknowns;
    for (let i = 0; i < columns; i++) elements[row * columns + i] = work[start + i]!;
  }
  return { rows: unknowns, columns, elements };
}

/**
 * Gauss-Jordan elimination: makes the first `columns` columns an identity matrix.
 *
 * @returns where the rows of the identity matrix start; undefined if the columns are not linearly independent
 */
function eliminate(
  work: Uint8Array,
  { width, columns }: { readonly width: number; readonly columns: number },
): number[] | undefined {
  const starts: number[] = [];
  for (let start = 0; start < work.length; start += width) starts.push(start);
  for (let column = 0; column < columns; column++) {
    let pivot = column;
    while (pivot < starts.length && work[starts[pivot]! + column] === 0) pivot += 1;
    if (pivot >= starts.length) return undefined;
    const pivotStart = starts[pivot]!;
    starts[pivot] = starts[column]!;
    starts[column] = pivotStart;
    const scale = 256 * inverse(work[pivotStart + column]!);
    for (let i = column; i < width; i++) work[pivotStart + i] = PRODUCTS[scale + work[pivotStart + i]!]!;
    for (let start = 0; start < work.length; start += width) {
      const factor = 256 * work[start + column]!;
      if (start === pivotStart || factor === 0) continue;
      for (let i = column; i < width; i++)
        work[start + i] = work[start + i]! ^ PRODUCTS[factor + work[pivotStart + i]!]!;
    }
  }
  return starts;
}
