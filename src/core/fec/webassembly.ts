/**
 * What the erasure code uses of WebAssembly. The core compiles without the libraries that declare it, and a platform
 * without it has the plain implementation.
 */

/** A linear memory, which grows by pages of 64 KiB and then has another buffer. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** The exports of a module from its bytes, or undefined where the platform cannot run it: no WebAssembly, or no SIMD. */
export function instantiate(bytes: Uint8Array): object | undefined {
  const { WebAssembly } = globalThis as { readonly WebAssembly?: WebAssemblyApi };
  if (WebAssembly === undefined) return undefined;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  } catch {
    return undefined;
  }
}
