import type { XConnection } from "./connection.js";
import { createPlainImage } from "./plain-image.js";
import type { ServerImage } from "./server-image.js";
import { createSharedImage } from "./shared-image.js";

/**
 * Makes an image of the default screen's depth: in memory shared with the server, or where that is impossible (a remote
 * display, another container) in memory of our own, which is slower.
 *
 * @throws SightlineError `unsupported` if the screen has fewer than 24 bits a pixel
 */
export function createServerImage(
  connection: XConnection,
  size: { readonly width: number; readonly height: number },
): ServerImage {
  return createSharedImage(connection, size) ?? createPlainImage(connection, size);
}
