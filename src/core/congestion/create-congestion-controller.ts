import type { CongestionController } from "./congestion-controller.js";
import { FixedController } from "./fixed.js";
import { GccController, type GccOptions } from "./gcc/gcc-controller.js";

/** Which congestion controller, and its settings. */
export type CongestionOptions =
  | { readonly kind: "fixed"; readonly bitrateBps: number }
  | ({ readonly kind: "gcc" } & GccOptions);

/** Makes the controller that `options` describe. */
export function createCongestionController(options: CongestionOptions): CongestionController {
  switch (options.kind) {
    case "fixed":
      return new FixedController(options);
    case "gcc":
      return new GccController(options);
  }
}
