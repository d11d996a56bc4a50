import koffi from "koffi";
import type { XConnection } from "./connection.js";
import { RECTANGLE_BYTES, type Rectangle, readRectangle } from "./events.js";
import { xfixes } from "./fixes.js";
import { bindOptionalLibrary, once, type Pointer } from "./shared-library.js";
import type { XId } from "./xlib.js";

interface XDamage {
  XDamageQueryExtension(display: Pointer, eventBase: Int32Array, errorBase: Int32Array): number;
  XDamageQueryVersion(display: Pointer, major: Int32Array, minor: Int32Array): number;
  XDamageCreate(display: Pointer, drawable: XId, level: number): XId;
  XDamageDestroy(display: Pointer, damage: XId): void;
  XDamageSubtract(display: Pointer, damage: XId, repair: XId, parts: XId): void;
}

const xdamage = once(() =>
  bindOptionalLibrary<XDamage>(
    { files: ["libXdamage.so.1", "libXdamage.1.dylib"], package: "libxdamage1" },
    {
      XDamageQueryExtension: "int XDamageQueryExtension(void *, void *, void *)",
      XDamageQueryVersion: "int XDamageQueryVersion(void *, void *, void *)",
      XDamageCreate: "unsigned long XDamageCreate(void *, unsigned long, int)",
      XDamageDestroy: "void XDamageDestroy(void *, unsigned long)",
      XDamageSubtract: "void XDamageSubtract(void *, unsigned long, unsigned long, unsigned long)",
    },
  ),
);

/** One event each time the rectangle around all damage grows. */
const REPORT_BOUNDING_BOX = 2;

/**
 * Tells what is drawn into a drawable and its children (DAMAGE extension). While damage is present, `damage` events come
 * only when it grows beyond its bounding box; after {@link take} the next drawing causes one again.
 */
export class Damage {
  private readonly connection: XConnection;
  private readonly damage: XDamage;
  private readonly id: XId;
  private readonly region: XId;
  private readonly count = new Int32Array(1);

  private constructor(connection: XConnection, damage: XDamage, drawable: XId) {
    this.connection = connection;
    this.damage = damage;
    this.id = damage.XDamageCreate(connection.display, drawable, REPORT_BOUNDING_BOX);
    this.region = xfixes(connection)?.XFixesCreateRegion(connection.display, null, 0) ?? 0;
  }

  /** Starts to watch a drawable; undefined if the server or this machine lacks DAMAGE or XFIXES. */
  static watch(connection: XConnection, drawable: XId): Damage | undefined {
    const damage = xdamage();
    const { display } = connection;
    const first = new Int32Array(1);
    if (!damage || connection.lost || !xfixes(connection)) return undefined;
    if (!damage.XDamageQueryExtension(display, first, new Int32Array(1))) return undefined;
    // The server answers requests of this extension only after it was told which version is spoken.
    damage.XDamageQueryVersion(display, new Int32Array(1), new Int32Array(1));
    connection.extensionNumbers.damage = first[0] ?? 0;
    return new Damage(connection, damage, drawable);
  }

  /** The rectangles that were drawn to since the last call. Waits for one answer of the server (0.03 ms). */
  take(): readonly Rectangle[] {
    const { display, xlib, lost } = this.connection;
    const fixes = xfixes(this.connection);
    if (lost || !fixes) return [];
    this.damage.XDamageSubtract(display, this.id, 0, this.region);
    this.count[0] = 0;
    const list = fixes.XFixesFetchRegion(display, this.region, this.count);
    const count = this.count[0] ?? 0;
    if (list === null) return [];
    const fields = count > 0 ? (koffi.decode(list, "uint16_t", 4 * count) as Uint16Array) : new Uint16Array();
    xlib.XFree(list);
    const bytes = Buffer.from(fields.buffer, fields.byteOffset, fields.byteLength);
    return Array.from({ length: count }, (_, i) => readRectangle(bytes, i * RECTANGLE_BYTES));
  }

  /** Stops watching. */
  close(): void {
    if (this.connection.lost) return;
    this.damage.XDamageDestroy(this.connection.display, this.id);
    xfixes(this.connection)?.XFixesDestroyRegion(this.connection.display, this.region);
  }
}
