import type { PacedPacket, Pacer } from "./pacer.js";
import { type TokenBucketOptions, TokenBucketPacer } from "./token-bucket.js";
import { Unpaced } from "./unpaced.js";

/** Which pacer, and its settings. */
export type PacerOptions = ({ readonly kind: "token-bucket" } & TokenBucketOptions) | { readonly kind: "none" };

/** Makes the pacer that `options` describe. */
export function createPacer<P extends PacedPacket>(options: PacerOptions): Pacer<P> {
  switch (options.kind) {
    case "token-bucket":
      return new TokenBucketPacer(options);
    case "none":
      return new Unpaced();
  }
}
