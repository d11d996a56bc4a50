import { SightlineError } from "../../core/index.js";
import { EventMask, listMonitors, type Rectangle, rootArea, XConnection, type XEvent } from "../../x11/index.js";
import type { CaptureArea } from "./capture-canvas.js";
import type { SourceOptions, VideoSource } from "./source.js";
import type { SourceSpec } from "./spec.js";
import { type CaptureTarget, X11Capture } from "./x11-capture.js";

/** A screen to share, as {@link SourceSpec} describes it. */
export type ScreenSpec = Extract<SourceSpec, { readonly kind: "screen" }>;

/**
 * Captures a monitor, a region or the whole desktop of the X display that DISPLAY names. When the desktop is resized, the
 * pictures change their size with it.
 *
 * @throws SightlineError `not-found` without such a display or screen, `unsupported` without libX11,
 *   `invalid-argument` for a region outside the desktop
 */
export async function openX11Screen(
  spec: ScreenSpec,
  options: Pick<SourceOptions, "fps" | "pointer" | "onPointer">,
): Promise<VideoSource> {
  const connection = new XConnection();
  return new X11Capture(connection, new ScreenTarget(connection, spec), options);
}

class ScreenTarget implements CaptureTarget {
  readonly info: CaptureTarget["info"];
  readonly watched: number;
  private readonly connection: XConnection;
  private readonly spec: ScreenSpec;
  private rectangle: Rectangle | undefined;

  constructor(connection: XConnection, spec: ScreenSpec) {
    this.connection = connection;
    this.spec = spec;
    this.watched = connection.root;
    this.info = { kind: "screen", name: screenName(spec), content: "screen" };
    connection.xlib.XSelectInput(connection.display, connection.root, EventMask.StructureNotify);
  }

  locate(): CaptureArea {
    const desktop = rootArea(this.connection);
    const wanted = this.wanted(desktop);
    const rectangle = wanted && evenSize(intersect(wanted, desktop));
    if (!rectangle) throw this.missing();
    this.rectangle = rectangle;
    return { drawable: this.connection.root, rectangle, damageOrigin: rectangle };
  }

  rootOrigin(): { readonly x: number; readonly y: number } {
    return this.rectangle ?? { x: 0, y: 0 };
  }

  handleEvent(event: XEvent): boolean {
    return event.kind === "configured" && event.window === this.connection.root;
  }

  close(): void {}

  private wanted(desktop: Rectangle): Rectangle | undefined {
    if (this.spec.region) return this.spec.region;
    return this.spec.index === undefined ? desktop : listMonitors(this.connection)[this.spec.index];
  }

  private missing(): SightlineError {
    if (this.connection.lost) return this.connection.lostError();
    const name = screenName(this.spec);
    if (this.rectangle) return new SightlineError("source-lost", `${name} is no longer there`);
    if (this.spec.region) return new SightlineError("invalid-argument", `${name} lies outside the desktop`);
    const count = listMonitors(this.connection).length;
    return new SightlineError("not-found", `there is no ${name}; the screens are 0 to ${count - 1}`);
  }
}

function screenName({ index, region }: ScreenSpec): string {
  if (region) return `screen region ${region.width}x${region.height} at ${region.x},${region.y}`;
  return index === undefined ? "screen" : `screen ${index}`;
}

function intersect(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const right = Math.min(a.x + a.width, b.x + b.width);
  const bottom = Math.min(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** Cut to an even size, which 4:2:0 needs; undefined if nothing remains. */
function evenSize({ x, y, width, height }: Rectangle): Rectangle | undefined {
  return width < 2 || height < 2 ? undefined : { x, y, width: width - (width % 2), height: height - (height % 2) };
}
