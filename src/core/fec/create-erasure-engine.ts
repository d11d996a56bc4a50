import type { ErasureEngine } from "./erasure-engine.js";
import { TypeScriptEngine } from "./typescript-engine.js";
import { WasmEngine } from "./wasm-engine.js";

let shared: ErasureEngine | undefined;

/** Makes an engine of the kind wanted; `wasm` falls back to TypeScript where the platform cannot run it. */
export function createErasureEngine(kind: ErasureEngine["kind"] = "wasm"): ErasureEngine {
  return (kind === "wasm" ? WasmEngine.create() : undefined) ?? new TypeScriptEngine();
}

/** The fastest engine that there is, one for all: nothing stays in it from one call to the next. */
export function sharedErasureEngine(): ErasureEngine {
  shared ??= createErasureEngine();
  return shared;
}
