import koffi from "koffi";
import type { XConnection } from "./connection.js";
import type { XId } from "./xlib.js";

/** The longest value that is read, in 32-bit units: window titles and lists are far shorter. */
const MAX_UNITS = 16_384;

const ANY_TYPE = 0;
const PROP_MODE_REPLACE = 0;

/** A window's property that holds text, or undefined if it has none. */
export function readTextProperty(connection: XConnection, window: XId, property: XId): string | undefined {
  const value = readProperty(connection, window, property);
  return value?.format === 8 ? value.bytes.toString("utf8") : undefined;
}

/** A window's property that holds 32-bit values: atoms, windows, cardinals. Empty if it has none. */
export function readNumberProperty(connection: XConnection, window: XId, property: XId): readonly number[] {
  const value = readProperty(connection, window, property);
  if (value?.format !== 32) return [];
  return Array.from({ length: value.bytes.length / 8 }, (_, i) => value.bytes.readUInt32LE(8 * i));
}

/** Sets a window's property to 32-bit values. */
export function writeNumberProperty(
  connection: XConnection,
  window: XId,
  property: { readonly name: XId; readonly type: XId; readonly values: readonly number[] },
): void {
  const { name, type, values } = property;
  const bytes = Buffer.from(BigUint64Array.from(values, BigInt).buffer);
  connection.xlib.XChangeProperty(connection.display, window, name, type, 32, PROP_MODE_REPLACE, bytes, values.length);
}

/** Sets a window's property to text. */
export function writeTextProperty(
  connection: XConnection,
  window: XId,
  property: { readonly name: XId; readonly type: XId; readonly text: string },
): void {
  const bytes = Buffer.from(property.text, "utf8");
  const { name, type } = property;
  connection.xlib.XChangeProperty(connection.display, window, name, type, 8, PROP_MODE_REPLACE, bytes, bytes.length);
}

/** The raw value. Xlib widens 32-bit items to unsigned longs of 8 bytes. */
function readProperty(
  connection: XConnection,
  window: XId,
  property: XId,
): { readonly format: number; readonly bytes: Buffer } | undefined {
  if (connection.lost) return undefined;
  const [type, items, after, data] = [0, 0, 0, 0].map(() => new BigUint64Array(1)) as [
    BigUint64Array,
    BigUint64Array,
    BigUint64Array,
    BigUint64Array,
  ];
  const format = new Int32Array(1);
  const status = connection.xlib.XGetWindowProperty(
    connection.display,
    window,
    property,
    0,
    MAX_UNITS,
    0,
    ANY_TYPE,
    type,
    format,
    items,
    after,
    data,
  );
  const address = data[0] ?? 0n;
  if (status !== 0 || address === 0n) return undefined;
  const bits = format[0] ?? 0;
  const size = Number(items[0] ?? 0n) * (bits === 32 ? 8 : bits / 8);
  const bytes = size > 0 ? Buffer.from(koffi.decode(address, "uint8_t", size) as Uint8Array) : Buffer.alloc(0);
  connection.xlib.XFree(address);
  return { format: bits, bytes };
}
