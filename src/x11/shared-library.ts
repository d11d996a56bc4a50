import koffi from "koffi";
import { SightlineError } from "../core/index.js";

/** An address in this process, as koffi passes it; `null` is the null pointer. */
export type Pointer = bigint | null;

/** A library of the system, and what a person installs to get it. */
export interface SharedLibrary {
  /** File names to try in order, for example `libX11.so.6`. */
  readonly files: readonly string[];
  /** What to install when it is missing, for example `libx11-6`. */
  readonly package: string;
}

/** One C prototype for each function of the interface `T`. */
export type Prototypes<T> = { readonly [Name in keyof T]: string };

/**
 * Loads a library of the system and binds functions of it. Nothing checks that `T` agrees with `prototypes`.
 *
 * @throws SightlineError `unsupported` if the library, or a function in it, is missing; the message names the package
 */
export function bindLibrary<T extends object>(library: SharedLibrary, prototypes: Prototypes<T>): T {
  const handle = load(library);
  try {
    return Object.fromEntries(
      Object.entries<string>(prototypes).map(([name, prototype]) => [name, handle.func(prototype)]),
    ) as T;
  } catch (cause) {
    throw new SightlineError("unsupported", `${library.files[0]} is too old; update the package ${library.package}`, {
      cause,
    });
  }
}

/** Like {@link bindLibrary}, but undefined where that throws: for what Sightline can do without. */
export function bindOptionalLibrary<T extends object>(
  library: SharedLibrary,
  prototypes: Prototypes<T>,
): T | undefined {
  try {
    return bindLibrary(library, prototypes);
  } catch {
    return undefined;
  }
}

/** Runs `make` at the first call and answers every later call with the same value. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function load(library: SharedLibrary): ReturnType<typeof koffi.load> {
  let cause: unknown;
  for (const file of library.files) {
    try {
      return koffi.load(file);
    } catch (error) {
      cause ??= error;
    }
  }
  throw new SightlineError("unsupported", `${library.files[0]} is missing; install the package ${library.package}`, {
    cause,
  });
}
