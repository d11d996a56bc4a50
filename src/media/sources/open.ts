import { SightlineError } from "../../core/index.js";
import type { SourceOptions, VideoSource } from "./source.js";
import type { SourceSpec } from "./spec.js";
import { openTestPattern } from "./test-pattern.js";

/**
 * Opens a source.
 *
 * @throws SightlineError `not-found` when there is no such device, window or file; `unsupported` when this machine cannot
 * capture it; `invalid-data` when a file holds no video; `in-use` when another program has the device
 */
export async function openSource(spec: SourceSpec, options: SourceOptions): Promise<VideoSource> {
  switch (spec.kind) {
    case "test":
      return openTestPattern(options);
    default:
      throw new SightlineError("unsupported", `${spec.kind} cannot be captured yet`);
  }
}
