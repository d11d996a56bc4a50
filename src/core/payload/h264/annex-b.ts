/** The bytes before each NAL unit in {@link joinAnnexB}'s output: `00 00 00 01`. */
export const START_CODE: Uint8Array = Uint8Array.of(0, 0, 0, 1);

/**
 * Splits a byte stream into its NAL units (H.264 Annex B).
 *
 * ```
 * leading_zero_8bits* (zero_byte? 00 00 01 NAL trailing_zero_8bits*)*
 * ```
 *
 * @param data - NAL units behind start codes of 3 or 4 bytes; what comes before the first start code is skipped
 * @returns views of `data`, without start codes and trailing zeros; none of them empty
 */
export function splitAnnexB(data: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  let start = -1;
  for (let code = findStartCode(data, 0); code !== -1; code = findStartCode(data, code + 3)) {
    if (start !== -1) pushNal(nals, data, { start, end: code });
    start = code + 3;
  }
  if (start !== -1) pushNal(nals, data, { start, end: data.length });
  return nals;
}

/** Joins NAL units to a byte stream, each behind a start code of 4 bytes. */
export function joinAnnexB(nals: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const nal of nals) length += START_CODE.length + nal.length;
  const data = new Uint8Array(length);
  let at = 0;
  for (const nal of nals) {
    data.set(START_CODE, at);
    data.set(nal, at + START_CODE.length);
    at += START_CODE.length + nal.length;
  }
  return data;
}

/** The index of the next `00 00 01` at or after `from`, or −1. */
function findStartCode(data: Uint8Array, from: number): number {
  // Looks at every third byte only, where it is over 1: no start code can include it. Most bytes of coded video are.
  let at = from + 2;
  while (at < data.length) {
    const byte = data[at]!;
    if (byte > 1) at += 3;
    else if (byte === 0) at += 1;
    else if (data[at - 1] === 0 && data[at - 2] === 0) return at - 2;
    else at += 3;
  }
  return -1;
}

function pushNal(nals: Uint8Array[], data: Uint8Array, range: { start: number; end: number }): void {
  let { end } = range;
  // A NAL unit never ends with a zero byte (§7.4.1), so these are trailing zeros or the next start code's first byte.
  while (end > range.start && data[end - 1] === 0) end--;
  if (end > range.start) nals.push(data.subarray(range.start, end));
}
