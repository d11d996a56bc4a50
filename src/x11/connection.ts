import koffi from "koffi";
import { SightlineError } from "../core/index.js";
import { type ConnectionHealth, type ProtocolError, unwatchHealth, watchHealth } from "./error-handlers.js";
import { decodeEvent, EVENT_BYTES, type ExtensionNumbers, type XEvent } from "./events.js";
import type { Pointer } from "./shared-library.js";
import { type XId, type Xlib, xlib } from "./xlib.js";

/**
 * A connection to an X server, for one thread. A server that goes away never ends the process (with libX11 ≥ 1.7): it
 * sets {@link lost}, and every later call fails quickly.
 */
export class XConnection {
  /** libX11's functions. */
  readonly xlib: Xlib;
  /** Xlib's `Display *`. */
  readonly display: Pointer;
  /** The default screen's number. */
  readonly screen: number;
  /** The default screen's root window. */
  readonly root: XId;
  /** What {@link pollEvent} needs to tell extensions' events apart; each extension enters its own when it is opened. */
  readonly extensionNumbers: ExtensionNumbers = {};
  /** The event that {@link pollEvent} read last, as Xlib laid it out, for calls that need it whole. */
  readonly lastEvent: Buffer = Buffer.alloc(EVENT_BYTES);

  private readonly health: ConnectionHealth;
  private readonly name: string;
  private poll: ReturnType<typeof koffi.node.poll> | undefined;
  private isOpen = true;

  /**
   * Connects to the display `name`, by default the one that the environment variable DISPLAY names.
   *
   * @throws SightlineError `unsupported` without libX11, `not-found` if no server answers there
   */
  constructor(name?: string) {
    this.xlib = xlib();
    this.name = this.xlib.XDisplayName(name ?? null);
    this.display = this.xlib.XOpenDisplay(name ?? null);
    if (this.display === null) {
      throw new SightlineError(
        "not-found",
        this.name === ""
          ? "there is no X display; start Sightline in a graphical session or set DISPLAY"
          : `the X display ${this.name} does not answer; check DISPLAY and that this user may use it`,
      );
    }
    this.health = watchHealth(this.display);
    this.screen = this.xlib.XDefaultScreen(this.display);
    this.root = this.xlib.XRootWindow(this.display, this.screen);
  }

  /** Whether the server has gone away. */
  get lost(): boolean {
    return this.health.lost;
  }

  /** The error for a source or window whose server is gone. */
  lostError(): SightlineError {
    return new SightlineError("source-lost", `the X display ${this.name} went away`);
  }

  /** The newest error that the server reported since the last call of this. Waits for nothing: see {@link sync}. */
  takeError(): ProtocolError | undefined {
    const error = this.health.error;
    this.health.error = undefined;
    return error;
  }

  /** Runs requests that the server may refuse, and waits for its verdict. */
  attempt(requests: () => void): ProtocolError | undefined {
    this.sync();
    this.takeError();
    requests();
    this.sync();
    return this.takeError();
  }

  /** Waits until the server has handled every request. */
  sync(): void {
    if (!this.lost) this.xlib.XSync(this.display, 0);
  }

  /** Sends what Xlib has buffered. */
  flush(): void {
    if (!this.lost) this.xlib.XFlush(this.display);
  }

  /** The next event that has arrived, or undefined. Also notices that the server is gone. */
  pollEvent(): XEvent | undefined {
    if (this.lost || this.xlib.XPending(this.display) === 0 || this.lost) return undefined;
    this.xlib.XNextEvent(this.display, this.lastEvent);
    return decodeEvent(this.lastEvent, this.extensionNumbers);
  }

  /**
   * Calls back whenever something arrives from the server, or it goes away, until {@link close}. The callback must read
   * all events, or it is called again at once. Events that arrive inside another call are not announced.
   */
  onReadable(callback: () => void): void {
    const fd = this.xlib.XConnectionNumber(this.display);
    // koffi calls back outside any JavaScript scope, where promise reactions would wait for the next timer.
    let scheduled = false;
    this.poll = koffi.node.poll(fd, { readable: true, disconnect: true }, () => {
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        if (!this.isOpen) return;
        callback();
        if (this.lost) this.stopPolling();
      });
    });
  }

  /** The atom called `name`. */
  atom(name: string): XId {
    return this.lost ? 0 : this.xlib.XInternAtom(this.display, name, 0);
  }

  /** Disconnects. Everything that was made on this connection is gone after that. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.stopPolling();
    this.xlib.XCloseDisplay(this.display);
    unwatchHealth(this.display);
  }

  private stopPolling(): void {
    this.poll?.close();
    this.poll = undefined;
  }
}
