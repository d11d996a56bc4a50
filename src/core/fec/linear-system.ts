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
  // matrix turns the right part into the solution.
  const width = unknowns + equations + known.columns;
  const rows: Uint8Array[] = [];
  for (let i = 0; i < equations; i++) {
    const row = new Uint8Array(width);
    row.set(unknown.elements.subarray(i * unknowns, (i + 1) * unknowns));
    row[unknowns + i] = 1;
    row.set(known.elements.subarray(i * known.columns, (i + 1) * known.columns), unknowns + equations);
    rows.push(row);
  }
  if (!eliminate(rows, unknowns)) return undefined;
  const columns = equations + known.columns;
  const elements = new Uint8Array(unknowns * columns);
  for (let i = 0; i < unknowns; i++) elements.set(rows[i]!.subarray(unknowns), i * columns);
  return { rows: unknowns, columns, elements };
}

/**
 * Gauss-Jordan elimination: makes the first `columns` columns an identity matrix in the first rows.
 *
 * @returns whether the columns are linearly independent, without which it cannot
 */
function eliminate(rows: Uint8Array[], columns: number): boolean {
  for (let column = 0; column < columns; column++) {
    const pivot = rows.findIndex((row, i) => i >= column && row[column] !== 0);
    if (pivot === -1) return false;
    const pivotRow = rows[pivot]!;
    rows[pivot] = rows[column]!;
    rows[column] = pivotRow;
    scale(pivotRow, inverse(pivotRow[column]!));
    for (const [i, row] of rows.entries()) {
      if (i !== column && row[column] !== 0) addScaled(row, row[column]!, pivotRow);
    }
  }
  return true;
}

function scale(row: Uint8Array, factor: number): void {
  const table = 256 * factor;
  for (let i = 0; i < row.length; i++) row[i] = PRODUCTS[table + row[i]!]!;
}

function addScaled(row: Uint8Array, factor: number, other: Uint8Array): void {
  const table = 256 * factor;
  for (let i = 0; i < row.length; i++) row[i] = row[i]! ^ PRODUCTS[table + other[i]!]!;
}
