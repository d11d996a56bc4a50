import koffi from "koffi";
import type { XConnection } from "./connection.js";
import { type XFixes, xfixes } from "./fixes.js";
import { bindOptionalLibrary, once, type Pointer } from "./shared-library.js";
import type { XId } from "./xlib.js";

interface XInput {
  XIQueryVersion(display: Pointer, major: Int32Array, minor: Int32Array): number;
  XISelectEvents(display: Pointer, window: XId, masks: Pointer, count: number): number;
}

const xinput = once(() =>
  bindOptionalLibrary<XInput>(
    { files: ["libXi.so.6", "libXi.6.dylib"], package: "libxi6" },
    {
      XIQueryVersion: "int XIQueryVersion(void *, void *, void *)",
      XISelectEvents: "int XISelectEvents(void *, unsigned long, void *, int)",
    },
  ),
);

/** What the mouse pointer looks like. */
export interface PointerShape {
  readonly width: number;
  readonly height: number;
  /** The pixel of the shape that lies at the pointer's position. */
  readonly hotX: number;
  readonly hotY: number;
  /** Row by row, 0xAARRGGBB with the colours multiplied by alpha. */
  readonly argb: Uint32Array;
}

/** The pointer's position on the root window, in pixels, and its shape. */
export interface PointerState {
  readonly x: number;
  readonly y: number;
  readonly shape: PointerShape;
}

const DISPLAY_CURSOR_NOTIFY_MASK = 1;
const XI_ALL_MASTER_DEVICES = 1;
/**
 * Bit 17 for XI_RawMotion, which devices cause wherever the pointer is, and bit 6 for XI_Motion, which programs that set
 * the pointer cause over windows that do not listen to it themselves.
 */
const MOTION_MASK = Buffer.from([1 << 6, 0, 1 << 1, 0]);
/** Shapes that are kept as the objects they were; a desktop uses a dozen. */
const MAX_SHAPES = 32;
const INPUT_VERSION = { major: 2, minor: 2 };

/** Watches the mouse pointer, which no picture of the screen contains (XFIXES for its shape, XInput 2 for its motion). */
export class PointerWatch {
  /**
   * Whether `motion` events tell that a person moved the pointer, and mostly also that a program did; otherwise
   * {@link read} must be called often.
   */
  readonly announcesMotion: boolean;
  private readonly connection: XConnection;
  private readonly fixes: XFixes;
  private readonly shapes = new Map<number, PointerShape>();

  private constructor(connection: XConnection, fixes: XFixes) {
    this.connection = connection;
    this.fixes = fixes;
    fixes.XFixesSelectCursorInput(connection.display, connection.root, DISPLAY_CURSOR_NOTIFY_MASK);
    this.announcesMotion = selectMotion(connection);
  }

  /** Starts to watch: `cursor` and `motion` events come from now on. Undefined without XFIXES. */
  static open(connection: XConnection): PointerWatch | undefined {
    const fixes = xfixes(connection);
    return fixes && !connection.lost ? new PointerWatch(connection, fixes) : undefined;
  }

  /**
   * Asks the server for position and shape (0.06 ms); undefined if it has no pointer. A shape that comes again is the same
   * object.
   */
  read(): PointerState | undefined {
    if (this.connection.lost) return undefined;
    const image = this.fixes.XFixesGetCursorImage(this.connection.display);
    if (image === null) return undefined;
    try {
      const cursor = koffi.decode(image, cursorImage()) as CursorImage;
      return { x: cursor.x, y: cursor.y, shape: this.shapeOf(cursor) };
    } finally {
      this.connection.xlib.XFree(image);
    }
  }

  private shapeOf(cursor: CursorImage): PointerShape {
    let shape = this.shapes.get(cursor.serial);
    if (shape === undefined) {
      shape = copyShape(cursor);
      const [oldest] = this.shapes.keys();
      if (this.shapes.size === MAX_SHAPES && oldest !== undefined) this.shapes.delete(oldest);
      this.shapes.set(cursor.serial, shape);
    }
    return shape;
  }
}

interface CursorImage {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly xhot: number;
  readonly yhot: number;
  readonly serial: number;
  readonly pixels: bigint | null;
}

const cursorImage = once(() =>
  koffi.struct({
    x: "short",
    y: "short",
    width: "unsigned short",
    height: "unsigned short",
    xhot: "unsigned short",
    yhot: "unsigned short",
    serial: "unsigned long",
    pixels: "void *",
  }),
);

function copyShape(cursor: CursorImage): PointerShape {
  const { width, height } = cursor;
  const argb = new Uint32Array(width * height);
  if (cursor.pixels !== null && argb.length > 0) {
    // Xlib spreads the 32-bit pixels over unsigned longs.
    const longs = koffi.decode(cursor.pixels, "uint32_t", argb.length * 2) as Uint32Array;
    for (let i = 0; i < argb.length; i++) argb[i] = longs[2 * i] ?? 0;
  }
  return { width, height, hotX: cursor.xhot, hotY: cursor.yhot, argb };
}

function selectMotion(connection: XConnection): boolean {
  const input = xinput();
  const { display, root, xlib } = connection;
  const opcode = new Int32Array(1);
  const unused = new Int32Array(1);
  if (!input || !xlib.XQueryExtension(display, "XInputExtension", opcode, unused, unused)) return false;
  const major = Int32Array.of(INPUT_VERSION.major);
  const minor = Int32Array.of(INPUT_VERSION.minor);
  if (input.XIQueryVersion(display, major, minor) !== 0) return false;
  const mask = koffi.struct({ deviceid: "int", mask_len: "int", mask: "uint8_t *" });
  const memory = koffi.alloc(mask, 1) as bigint;
  const bits = koffi.alloc("uint8_t", MOTION_MASK.length) as bigint;
  new Uint8Array(koffi.view(bits, MOTION_MASK.length)).set(MOTION_MASK);
  koffi.encode(memory, mask, { deviceid: XI_ALL_MASTER_DEVICES, mask_len: MOTION_MASK.length, mask: bits });
  const refused = connection.attempt(() => input.XISelectEvents(display, root, memory, 1));
  koffi.free(bits);
  koffi.free(memory);
  if (refused) return false;
  connection.extensionNumbers.inputOpcode = opcode[0] ?? 0;
  return true;
}
