import koffi from "koffi";
import type { XConnection } from "./connection.js";
import { readNumberProperty, readTextProperty } from "./properties.js";
import { PredefinedAtom, type XId } from "./xlib.js";

/** A window that a person can see. */
export interface ListedWindow {
  readonly window: XId;
  readonly title: string;
}

/** How deep below the root titled windows are looked for where no window manager lists them: frame, container, client. */
const SEARCH_DEPTH = 3;

/** The titled windows: those the window manager lists, or without one those found in the tree, the topmost first. */
export function listWindows(connection: XConnection): readonly ListedWindow[] {
  const managed = readNumberProperty(connection, connection.root, connection.atom("_NET_CLIENT_LIST_STACKING"));
  const candidates =
    managed.length > 0 ? [...managed].reverse() : descendants(connection, connection.root, SEARCH_DEPTH);
  const listed: ListedWindow[] = [];
  for (const window of candidates) {
    const title = windowTitle(connection, window);
    if (title) listed.push({ window, title });
  }
  // A window may close while it is asked; that is no error of the listing.
  connection.takeError();
  return listed;
}

/** A window's title, or undefined if it has none. */
function windowTitle(connection: XConnection, window: XId): string | undefined {
  return (
    readTextProperty(connection, window, connection.atom("_NET_WM_NAME")) ??
    readTextProperty(connection, window, PredefinedAtom.WM_NAME)
  );
}

function descendants(connection: XConnection, window: XId, depth: number): XId[] {
  if (depth === 0) return [];
  return children(connection, window).flatMap((child) => [child, ...descendants(connection, child, depth - 1)]);
}

/** A window's children, the topmost first. */
function children(connection: XConnection, window: XId): XId[] {
  if (connection.lost) return [];
  const unused = new BigUint64Array(1);
  const list = new BigUint64Array(1);
  const count = new Uint32Array(1);
  if (!connection.xlib.XQueryTree(connection.display, window, unused, unused, list, count)) return [];
  const address = list[0] ?? 0n;
  const length = count[0] ?? 0;
  if (address === 0n || length === 0) return [];
  const halves = koffi.decode(address, "uint32_t", 2 * length) as Uint32Array;
  connection.xlib.XFree(address);
  return Array.from({ length }, (_, i) => halves[2 * i] ?? 0).reverse();
}

/** A window's top left pixel inside its border, on the root window. */
export function windowOrigin(connection: XConnection, window: XId): { readonly x: number; readonly y: number } {
  const [x, y] = [new Int32Array(1), new Int32Array(1)];
  const child = new BigUint64Array(1);
  const { xlib, display, root, lost } = connection;
  if (!lost) xlib.XTranslateCoordinates(display, window, root, 0, 0, x, y, child);
  return { x: x[0] ?? 0, y: y[0] ?? 0 };
}
