/** What an object keeps alive. */
export interface RetainedSize {
  readonly objects: number;
  /** Of array buffers, each counted once. */
  readonly bytes: number;
}

/** Walks everything reachable from `root`: a measure of growth that repeats exactly, unlike the heap's size. */
export function retainedSize(root: object): RetainedSize {
  const seen = new Set<object>();
  const buffers = new Set<ArrayBufferLike>();
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else if (value instanceof Map) stack.push(...value.keys(), ...value.values());
    else if (value instanceof Set) stack.push(...value);
    else stack.push(...Object.values(value));
  }
  return { objects: seen.size, bytes: [...buffers].reduce((total, { byteLength }) => total + byteLength, 0) };
}
