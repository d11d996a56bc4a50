import type { CongestionController } from "./congestion-controller.js";
import { FixedController } from "./fixed.js";

/** Which congestion controller, and its settings. */
export type CongestionOptions = { readonly kind: "fixed"; readonly bitrateBps: number };

/** Makes the controller that `options` describe. */
export function createCongestionController(options: CongestionOptions): CongestionController {
  switch (options.kind) {
    case "fixed":
      return new FixedController(options);
  }
}
