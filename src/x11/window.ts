import type { XConnection } from "./connection.js";
import type { Rectangle } from "./events.js";
import { drawableSize, listMonitors, rootArea } from "./monitors.js";
import { readNumberProperty, writeNumberProperty, writeTextProperty } from "./properties.js";
import type { Rows, ServerImage } from "./server-image.js";
import type { Pointer } from "./shared-library.js";
import { EventMask, PredefinedAtom, type XId } from "./xlib.js";

/** Fields of `XSetWindowAttributes` of 64-bit Xlib, and its bit in the mask that says which are meant. */
const SET_ATTRIBUTES_BYTES = 112;
const OVERRIDE_REDIRECT_OFFSET = 88;
const CW_OVERRIDE_REDIRECT = 1 << 9;

const CLIENT_MESSAGE = 33;
const REVERT_TO_PARENT = 2;
const CURRENT_TIME = 0;

/** Values of the EWMH properties (_NET_WM_STATE, _NET_WM_BYPASS_COMPOSITOR). */
const STATE_REMOVE = 0;
const STATE_ADD = 1;
const FROM_APPLICATION = 1;
const BYPASS_COMPOSITOR = 1;

/** A top-level window that shows an image. */
export class XWindow {
  readonly id: XId;
  private readonly connection: XConnection;
  private readonly gc: Pointer;
  private readonly deleteMessage: XId;
  /** Where it was before it became full screen. */
  private restore: Rectangle;

  /** Makes the window, invisible until {@link show}. */
  constructor(
    connection: XConnection,
    options: { readonly title: string; readonly width: number; readonly height: number },
  ) {
    const { xlib, display, root, screen } = connection;
    const { title, width, height } = options;
    const black = xlib.XBlackPixel(display, screen);
    this.connection = connection;
    this.restore = { x: 0, y: 0, width, height };
    this.id = xlib.XCreateSimpleWindow(display, root, 0, 0, width, height, 0, black, black);
    this.gc = xlib.XCreateGC(display, this.id, 0, null);
    this.deleteMessage = connection.atom("WM_DELETE_WINDOW");
    xlib.XSetWMProtocols(display, this.id, BigUint64Array.of(BigInt(this.deleteMessage)), 1);
    xlib.XSelectInput(display, this.id, EventMask.KeyPress | EventMask.Exposure | EventMask.StructureNotify);
    writeTextProperty(connection, this.id, {
      name: connection.atom("WM_CLASS"),
      type: PredefinedAtom.STRING,
      text: "sightline\0Sightline\0",
    });
    // A compositor holds every picture back for a frame of its own.
    writeNumberProperty(connection, this.id, {
      name: connection.atom("_NET_WM_BYPASS_COMPOSITOR"),
      type: PredefinedAtom.CARDINAL,
      values: [BYPASS_COMPOSITOR],
    });
    this.setTitle(title);
  }

  /** The drawable part, in pixels. */
  get size(): { readonly width: number; readonly height: number } {
    return drawableSize(this.connection, this.id);
  }

  /** What the title bar shows. */
  setTitle(title: string): void {
    if (this.connection.lost) return;
    const type = this.connection.atom("UTF8_STRING");
    const name = this.connection.atom("_NET_WM_NAME");
    this.connection.xlib.XStoreName(this.connection.display, this.id, title);
    writeTextProperty(this.connection, this.id, { name, type, text: title });
    this.connection.flush();
  }

  /** Puts the window on the screen; waits until it is there if there is no window manager. */
  show(fullscreen: boolean): void {
    if (this.connection.lost) return;
    const { xlib, display } = this.connection;
    if (hasWindowManager(this.connection)) {
      if (fullscreen) {
        writeNumberProperty(this.connection, this.id, {
          name: this.connection.atom("_NET_WM_STATE"),
          type: PredefinedAtom.ATOM,
          values: [this.connection.atom("_NET_WM_STATE_FULLSCREEN")],
        });
      }
      xlib.XMapRaised(display, this.id);
    } else {
      this.placeUnmanaged(fullscreen);
    }
    this.connection.sync();
  }

  /** Covers the whole screen, or goes back to where it was. The new size arrives as a `configured` event. */
  setFullscreen(on: boolean): void {
    if (this.connection.lost) return;
    if (hasWindowManager(this.connection)) this.askForState(on ? STATE_ADD : STATE_REMOVE);
    else this.placeUnmanaged(on);
    this.connection.flush();
  }

  /** Shows rows of an image at the same place; see {@link ServerImage.put}. */
  put(image: ServerImage, rows: Rows, notify: boolean): void {
    image.put(this.id, this.gc, rows, notify);
  }

  /** Whether the newest `client-message` event is the request to close this window. */
  isCloseRequest(data: XId): boolean {
    return data === this.deleteMessage;
  }

  /** The name of the key of the newest `key` event as Xlib gives it without modifiers: "q", "Escape", "F11". */
  lastKeyName(): string | undefined {
    const { xlib, lastEvent } = this.connection;
    const keysym = xlib.XLookupKeysym(lastEvent, 0);
    return keysym === 0 ? undefined : (xlib.XKeysymToString(keysym) ?? undefined);
  }

  /** Removes the window. */
  close(): void {
    if (this.connection.lost) return;
    const { xlib, display } = this.connection;
    xlib.XFreeGC(display, this.gc);
    xlib.XDestroyWindow(display, this.id);
    this.connection.flush();
  }

  /** Without a window manager nobody else raises, sizes or focuses the window. */
  private placeUnmanaged(fullscreen: boolean): void {
    const { xlib, display } = this.connection;
    const attributes = Buffer.alloc(SET_ATTRIBUTES_BYTES);
    attributes.writeInt32LE(fullscreen ? 1 : 0, OVERRIDE_REDIRECT_OFFSET);
    xlib.XChangeWindowAttributes(display, this.id, CW_OVERRIDE_REDIRECT, attributes);
    if (fullscreen) this.restore = { ...this.restore, ...this.size };
    const { x, y, width, height } = fullscreen ? rootArea(this.connection) : this.restore;
    xlib.XMoveResizeWindow(display, this.id, x, y, width, height);
    xlib.XMapRaised(display, this.id);
    // The server refuses to focus a window that is not visible yet.
    this.connection.attempt(() => xlib.XSetInputFocus(display, this.id, REVERT_TO_PARENT, CURRENT_TIME));
  }

  /**
   * Sends _NET_WM_STATE to the window manager (EWMH). `XClientMessageEvent` of 64-bit Xlib: type at 0, window at 32,
   * message type at 40, format at 48, five longs at 56.
   */
  private askForState(action: number): void {
    const { xlib, display, root } = this.connection;
    const event = Buffer.alloc(192);
    event.writeInt32LE(CLIENT_MESSAGE, 0);
    event.writeBigUInt64LE(BigInt(this.id), 32);
    event.writeBigUInt64LE(BigInt(this.connection.atom("_NET_WM_STATE")), 40);
    event.writeInt32LE(32, 48);
    event.writeBigUInt64LE(BigInt(action), 56);
    event.writeBigUInt64LE(BigInt(this.connection.atom("_NET_WM_STATE_FULLSCREEN")), 64);
    event.writeBigUInt64LE(BigInt(FROM_APPLICATION), 80);
    xlib.XSendEvent(display, root, 0, EventMask.SubstructureNotify | EventMask.SubstructureRedirect, event);
  }
}

/** Whether a window manager that follows EWMH runs (_NET_SUPPORTING_WM_CHECK). */
function hasWindowManager(connection: XConnection): boolean {
  const property = connection.atom("_NET_SUPPORTING_WM_CHECK");
  const [check] = readNumberProperty(connection, connection.root, property);
  // A window manager that died leaves the property behind, but not the window that it names.
  const isAlive = check !== undefined && readNumberProperty(connection, check, property)[0] === check;
  connection.takeError();
  return isAlive;
}

/** `size` scaled down so that it fits the first monitor. */
export function fitScreen(
  connection: XConnection,
  size: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  const monitor = listMonitors(connection)[0] ?? rootArea(connection);
  const scale = Math.min(1, monitor.width / size.width, monitor.height / size.height);
  const scaled = (length: number): number => Math.max(1, Math.round(length * scale));
  return { width: scaled(size.width), height: scaled(size.height) };
}
