import { SightlineError } from "../../core/index.js";
import {
  drawableSize,
  EventMask,
  type ListedWindow,
  listWindows,
  nameWindowPixmap,
  type Rectangle,
  redirectWindow,
  windowOrigin,
  XConnection,
  type XEvent,
  type XId,
} from "../../x11/index.js";
import type { CaptureArea } from "./capture-canvas.js";
import type { SourceOptions, VideoSource } from "./source.js";
import { type CaptureTarget, X11Capture } from "./x11-capture.js";

/** How many titles an error message lists. */
const MAX_LISTED_TITLES = 8;

/**
 * Captures the first window, from the top, whose title contains `title`, whatever the case; also where other windows cover
 * it. While it is minimised no pictures come; when it is resized, the pictures change their size with it.
 *
 * @throws SightlineError `not-found` without such a display or window, `unsupported` without libX11 or libXcomposite
 */
export async function openX11Window(
  title: string,
  options: Pick<SourceOptions, "fps" | "pointer" | "onPointer">,
): Promise<VideoSource> {
  const connection = new XConnection();
  try {
    const target = new WindowTarget(connection, findWindow(connection, title));
    return new X11Capture(connection, target, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}

class WindowTarget implements CaptureTarget {
  readonly info: CaptureTarget["info"];
  readonly watched: XId;
  private readonly connection: XConnection;
  private pixmap: XId | undefined;
  private size = { width: 0, height: 0 };

  constructor(connection: XConnection, { window, title }: ListedWindow) {
    this.connection = connection;
    this.watched = window;
    this.info = { kind: "window", name: title, content: "screen" };
    connection.xlib.XSelectInput(connection.display, window, EventMask.StructureNotify);
    if (!redirectWindow(connection, window)) {
      throw new SightlineError(
        "unsupported",
        "windows cannot be captured here; install libxcomposite1 or share the screen",
      );
    }
  }

  locate(): CaptureArea | undefined {
    this.freePixmap();
    const { width, height, border } = drawableSize(this.connection, this.watched);
    if (this.connection.lost) throw this.connection.lostError();
    if (width === 0) throw this.closed();
    this.size = { width, height };
    this.pixmap = nameWindowPixmap(this.connection, this.watched);
    if (this.pixmap === undefined || width < 2 || height < 2) return undefined;
    const rectangle: Rectangle = {
      x: border,
      y: border,
      width: width - (width % 2),
      height: height - (height % 2),
    };
    return { drawable: this.pixmap, rectangle, damageOrigin: { x: 0, y: 0 } };
  }

  rootOrigin(): { readonly x: number; readonly y: number } {
    return windowOrigin(this.connection, this.watched);
  }

  handleEvent(event: XEvent): boolean {
    if (event.kind === "destroyed" && event.window === this.watched) throw this.closed();
    // A window that is mapped or resized gets another pixmap; one that only moved keeps it.
    if (event.kind === "mapped" || event.kind === "unmapped") return event.window === this.watched;
    if (event.kind !== "configured" || event.window !== this.watched) return false;
    return event.width !== this.size.width || event.height !== this.size.height;
  }

  close(): void {
    this.freePixmap();
  }

  private freePixmap(): void {
    if (this.pixmap !== undefined && !this.connection.lost) {
      this.connection.xlib.XFreePixmap(this.connection.display, this.pixmap);
    }
    this.pixmap = undefined;
  }

  private closed(): SightlineError {
    return new SightlineError("source-lost", `the window "${this.info.name}" was closed`);
  }
}

function findWindow(connection: XConnection, title: string): ListedWindow {
  const windows = listWindows(connection);
  const wanted = title.toLowerCase();
  const found = windows.find((window) => window.title.toLowerCase().includes(wanted));
  if (found) return found;
  const titles = [...new Set(windows.map((window) => `"${window.title}"`))].slice(0, MAX_LISTED_TITLES).join(", ");
  const hint = titles === "" ? "there are no windows with a title" : `the windows are ${titles}`;
  throw new SightlineError("not-found", `no window's title contains "${title}"; ${hint}`);
}
