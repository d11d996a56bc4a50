/** What an object, an array's element or a map's entry takes, roughly. */
const OBJECT_BYTES = 32;
const ENTRY_BYTES = 8;

/**
 * How much memory is reachable from `root`, roughly: the buffers in full, each once, and a rough price for each object and
 * entry. Unlike the process's memory it is the same every time.
 */
export function retainedBytes(root: unknown): number {
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  let bytes = 0;
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      bytes += OBJECT_BYTES;
      pending.push(value.buffer);
    } else if (value instanceof ArrayBuffer) {
      bytes += value.byteLength;
    } else {
      const before = pending.length;
      if (value instanceof Map) for (const entry of value) pending.push(...entry);
      else if (value instanceof Set) for (const entry of value) pending.push(entry);
      for (const field of Object.values(value)) pending.push(field);
      bytes += OBJECT_BYTES + (pending.length - before) * ENTRY_BYTES;
    }
  }
  return bytes;
}
