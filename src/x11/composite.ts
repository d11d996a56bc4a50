import type { XConnection } from "./connection.js";
import { bindOptionalLibrary, once, type Pointer } from "./shared-library.js";
import type { XId } from "./xlib.js";

interface XComposite {
  XCompositeQueryExtension(display: Pointer, eventBase: Int32Array, errorBase: Int32Array): number;
  XCompositeQueryVersion(display: Pointer, major: Int32Array, minor: Int32Array): number;
  XCompositeRedirectWindow(display: Pointer, window: XId, update: number): void;
  XCompositeNameWindowPixmap(display: Pointer, window: XId): XId;
}

const xcomposite = once(() =>
  bindOptionalLibrary<XComposite>(
    { files: ["libXcomposite.so.1", "libXcomposite.1.dylib"], package: "libxcomposite1" },
    {
      XCompositeQueryExtension: "int XCompositeQueryExtension(void *, void *, void *)",
      XCompositeQueryVersion: "int XCompositeQueryVersion(void *, void *, void *)",
      XCompositeRedirectWindow: "void XCompositeRedirectWindow(void *, unsigned long, int)",
      XCompositeNameWindowPixmap: "unsigned long XCompositeNameWindowPixmap(void *, unsigned long)",
    },
  ),
);

/** The server keeps painting the window onto the screen by itself. */
const REDIRECT_AUTOMATIC = 0;

/**
 * Makes the server keep a window's whole content, also where other windows cover it, until the connection closes.
 *
 * @returns false if the server or this machine lacks COMPOSITE
 */
export function redirectWindow(connection: XConnection, window: XId): boolean {
  const composite = xcomposite();
  const { display, lost } = connection;
  const [first, second] = [new Int32Array(1), new Int32Array(1)];
  if (!composite || lost || !composite.XCompositeQueryExtension(display, first, second)) return false;
  composite.XCompositeQueryVersion(display, first, second);
  return (
    connection.attempt(() => composite.XCompositeRedirectWindow(display, window, REDIRECT_AUTOMATIC)) === undefined
  );
}

/**
 * The pixmap that holds a redirected window's present content, border included. A window gets another one whenever it is
 * resized or mapped. Free it with `XFreePixmap`.
 *
 * @returns undefined while the window is not visible
 */
export function nameWindowPixmap(connection: XConnection, window: XId): XId | undefined {
  const composite = xcomposite();
  if (!composite || connection.lost) return undefined;
  let pixmap = 0;
  const refused = connection.attempt(() => {
    pixmap = composite.XCompositeNameWindowPixmap(connection.display, window);
  });
  return refused || connection.lost ? undefined : pixmap;
}
