import koffi from "koffi";
import type { XConnection } from "./connection.js";
import type { Rectangle } from "./events.js";
import { bindOptionalLibrary, once, type Pointer } from "./shared-library.js";
import type { XId } from "./xlib.js";

interface XRandr {
  XRRQueryExtension(display: Pointer, eventBase: Int32Array, errorBase: Int32Array): number;
  XRRQueryVersion(display: Pointer, major: Int32Array, minor: Int32Array): number;
  XRRGetMonitors(display: Pointer, window: XId, active: number, count: Int32Array): bigint | null;
  XRRFreeMonitors(monitors: bigint): void;
}

const xrandr = once(() =>
  bindOptionalLibrary<XRandr>(
    { files: ["libXrandr.so.2", "libXrandr.2.dylib"], package: "libxrandr2" },
    {
      XRRQueryExtension: "int XRRQueryExtension(void *, void *, void *)",
      XRRQueryVersion: "int XRRQueryVersion(void *, void *, void *)",
      XRRGetMonitors: "void *XRRGetMonitors(void *, unsigned long, int, void *)",
      XRRFreeMonitors: "void XRRFreeMonitors(void *)",
    },
  ),
);

const monitorInfo = once(() =>
  koffi.struct({
    name: "unsigned long",
    primary: "int",
    automatic: "int",
    noutput: "int",
    x: "int",
    y: "int",
    width: "int",
    height: "int",
    mwidth: "int",
    mheight: "int",
    outputs: "void *",
  }),
);

/** Monitors came with RandR 1.5. */
const MONITORS_SINCE_MINOR = 5;

/** Where the monitors lie on the root window, in the server's order; one covering all of it without RandR 1.5. */
export function listMonitors(connection: XConnection): readonly Rectangle[] {
  const monitors = queryMonitors(connection);
  return monitors.length > 0 ? monitors : [rootArea(connection)];
}

/** The whole root window. */
export function rootArea(connection: XConnection): Rectangle {
  return { x: 0, y: 0, ...drawableSize(connection, connection.root) };
}

/** A drawable's size without its border; 0 × 0 if it is gone. */
export function drawableSize(
  connection: XConnection,
  drawable: XId,
): { width: number; height: number; border: number } {
  const [width, height, border, depth] = [0, 0, 0, 0].map(() => new Uint32Array(1)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const root = new BigUint64Array(1);
  const position = new Int32Array(1);
  if (!connection.lost) {
    const { display, xlib } = connection;
    xlib.XGetGeometry(display, drawable, root, position, position, width, height, border, depth);
  }
  return { width: width[0] ?? 0, height: height[0] ?? 0, border: border[0] ?? 0 };
}

function queryMonitors(connection: XConnection): readonly Rectangle[] {
  const randr = xrandr();
  const { display, root, lost } = connection;
  const [major, minor, count] = [new Int32Array(1), new Int32Array(1), new Int32Array(1)];
  if (!randr || lost || !randr.XRRQueryExtension(display, major, minor)) return [];
  randr.XRRQueryVersion(display, major, minor);
  if (major[0] === 1 && (minor[0] ?? 0) < MONITORS_SINCE_MINOR) return [];
  const list = randr.XRRGetMonitors(display, root, 1, count);
  if (list === null) return [];
  const infos = koffi.decode(list, monitorInfo(), count[0] ?? 0) as readonly Rectangle[];
  const areas = infos.map(({ x, y, width, height }) => ({ x, y, width, height }));
  randr.XRRFreeMonitors(list);
  return areas;
}
