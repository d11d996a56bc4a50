import { type Micros, micros, millis, SightlineError } from "../../core/index.js";
import {
  createServerImage,
  Damage,
  type PointerState,
  PointerWatch,
  type Rectangle,
  type ServerImage,
  type XConnection,
  type XEvent,
  type XId,
} from "../../x11/index.js";
import { BAND_ROWS, type Band, type Picture } from "../picture.js";
import { CapturePacer } from "./capture-pacer.js";
import { PointerPainter } from "./pointer-painter.js";
import { RowSet } from "./row-set.js";
import type { CapturedPicture, SourceInfo, VideoSource } from "./source.js";

/** How often the pointer's position is asked for where the server does not announce its motion. */
const POINTER_POLL_INTERVAL: Micros = millis(50);
/** Unchanged steps of rows between changed ones that are fetched along: cheaper than another request (0.04 ms). */
const FETCH_BRIDGE = 2;
/** Refused requests in a row after which a drawable counts as lost; while it is resized one or two are normal. */
const MAX_REFUSALS = 5;
/** How long to wait after a refused request for the event that explains it. */
const REFUSAL_PAUSE: Micros = millis(20);

/** Where the pixels of a screen or window are fetched. */
export interface CaptureArea {
  readonly drawable: XId;
  /** The picture within the drawable; width and height even, for 4:2:0. */
  readonly rectangle: Rectangle;
  /** The picture's origin in the coordinates of the damage on {@link CaptureTarget.watched}. */
  readonly damageOrigin: { readonly x: number; readonly y: number };
}

/** What an {@link X11Capture} captures. */
export interface CaptureTarget {
  readonly info: Omit<SourceInfo, "width" | "height" | "fps">;
  /** The window whose damage tells what is drawn. */
  readonly watched: XId;
  /**
   * Finds the pixels, at the start and after each change.
   *
   * @returns undefined while nothing is to be seen
   * @throws SightlineError `source-lost` if they are gone for good
   */
  locate(): CaptureArea | undefined;
  /** The picture's top left pixel on the root window. */
  rootOrigin(): { readonly x: number; readonly y: number };
  /**
   * Looks at an event.
   *
   * @returns whether the pixels must be located again
   * @throws SightlineError `source-lost`
   */
  handleEvent(event: XEvent): boolean;
}

/** One size's memory. */
interface Canvas {
  readonly area: CaptureArea;
  /** Where the server puts rows. */
  readonly arrival: ServerImage;
  /** What {@link X11Capture.next} delivers. */
  readonly picture: Picture;
  readonly pixels: Buffer;
  readonly stride: number;
  /** Rows drawn to since they were fetched. */
  readonly dirty: RowSet;
  readonly painter: PointerPainter;
  isDelivered: boolean;
}

/**
 * Captures part of an X server's screen. DAMAGE tells which rows were drawn to; only those are fetched, and of those only
 * the ones that differ are reported. Without DAMAGE every slot fetches and compares everything.
 */
export class X11Capture implements VideoSource {
  readonly info: SourceInfo;
  readonly #connection: XConnection;
  readonly #target: CaptureTarget;
  readonly #pacer: CapturePacer;
  readonly #damage: Damage | undefined;
  readonly #pointerWatch: PointerWatch | undefined;
  #canvas: Canvas | undefined;
  #mustLocate = false;
  #pointer: PointerState | undefined;
  #isPointerStale = false;
  #newestAt: Micros = micros(0);
  /** The bounding box of the damage that was announced and not taken yet. */
  #announced: Rectangle | undefined;
  #refusals = 0;
  #isClosed = false;
  #wake: (() => void) | undefined;

  /** Takes over the connection, and closes it even when it throws. */
  constructor(
    connection: XConnection,
    target: CaptureTarget,
    options: { readonly fps: number; readonly pointer: boolean },
  ) {
    this.#connection = connection;
    this.#target = target;
    this.#pacer = new CapturePacer(options.fps);
    try {
      this.#damage = Damage.watch(connection, target.watched);
      this.#pointerWatch = options.pointer ? PointerWatch.open(connection) : undefined;
      this.#isPointerStale = this.#pointerWatch !== undefined;
      this.#locate();
      if (connection.lost) throw connection.lostError();
      if (!this.#canvas)
        throw new SightlineError("not-found", `${target.info.name} is not visible; bring it to the screen`);
      const { width, height } = this.#canvas.picture;
      this.info = { ...target.info, width, height, fps: options.fps };
      connection.onReadable(() => this.#wake?.());
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  async next(): Promise<CapturedPicture | undefined> {
    while (!this.#isClosed) {
      this.#readEvents();
      if (this.#mustLocate) this.#locate();
      const now = clock();
      const step = this.#pacer.plan(now, {
        isPending: this.#isPending(),
        newestAt: this.#newestAt,
        share: this.#share(),
      });
      if (step.kind === "wait") {
        await this.#wait(now, step.until);
      } else if (step.kind === "rearm") {
        this.#takeDamage();
      } else {
        const captured = this.#capture(now);
        if (captured) return captured;
        if (this.#refusals > 0) await this.#wait(now, micros(now + REFUSAL_PAUSE));
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#canvas?.arrival.close();
    this.#canvas = undefined;
    this.#connection.close();
    this.#wake?.();
  }

  #isPending(): boolean {
    if (!this.#canvas) return false;
    const isDirty = !this.#canvas.dirty.isEmpty || this.#announced !== undefined || this.#damage === undefined;
    return isDirty || this.#isPointerStale;
  }

  #share(): number {
    if (!this.#canvas || !this.#announced) return this.#canvas?.dirty.share ?? 0;
    const { width, height } = this.#canvas.picture;
    const announced = (this.#announced.width * this.#announced.height) / (width * height);
    return Math.max(announced, this.#canvas.dirty.share);
  }

  #readEvents(): void {
    for (let event = this.#connection.pollEvent(); event; event = this.#connection.pollEvent()) {
      if (event.kind === "damage") {
        this.#announced = event.area;
        this.#newestAt = clock();
      } else if (event.kind === "motion" || event.kind === "cursor") {
        this.#isPointerStale = this.#pointerWatch !== undefined;
        this.#newestAt = clock();
      } else if (this.#target.handleEvent(event)) {
        this.#mustLocate = true;
      }
    }
    if (this.#connection.lost) throw this.#connection.lostError();
  }

  /** Resolves at `until`, or as soon as something arrives from the server or {@link close} is called. */
  async #wait(now: Micros, until: Micros): Promise<void> {
    const pollPointer = this.#pointerWatch?.announcesMotion === false;
    const end = pollPointer ? Math.min(until, now + POINTER_POLL_INTERVAL) : until;
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(end) ? setTimeout(resolve, Math.max(0, (end - now) / 1_000)) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
    if (pollPointer) this.#isPointerStale = true;
  }

  #locate(): void {
    this.#mustLocate = false;
    const area = this.#target.locate();
    const before = this.#canvas;
    if (area && before && sameSize(area.rectangle, before.area.rectangle)) {
      this.#canvas = { ...before, area };
    } else {
      before?.arrival.close();
      this.#canvas = area ? createCanvas(this.#connection, area) : undefined;
      this.#isPointerStale = this.#pointerWatch !== undefined;
    }
    this.#canvas?.dirty.addAll();
  }

  #takeDamage(): void {
    this.#announced = undefined;
    const canvas = this.#canvas;
    if (!canvas) return;
    if (!this.#damage) return canvas.dirty.addAll();
    const { damageOrigin: origin, rectangle } = canvas.area;
    for (const { x, y, width, height } of this.#damage.take()) {
      const isInside = x + width > origin.x && x < origin.x + rectangle.width;
      if (isInside) canvas.dirty.add(y - origin.y, height);
    }
  }

  /** Fetches what is dirty; undefined if it turned out unchanged, or was refused. */
  #capture(now: Micros): CapturedPicture | undefined {
    const canvas = this.#canvas;
    if (!canvas) return undefined;
    const share = this.#share();
    this.#takeDamage();
    const captureTime = clock();
    const changed = new RowSet(canvas.picture.height);
    const before = this.#pointer;
    if (this.#isPointerStale) this.#pointer = this.#pointerWatch?.read();
    const hasPointerMoved = !isSamePointer(before, this.#pointer);
    this.#isPointerStale = false;
    const oldRows = canvas.painter.rows;
    const mustPaint =
      hasPointerMoved || !canvas.isDelivered || (oldRows && canvas.dirty.touches(oldRows.y, oldRows.height));
    if (mustPaint) canvas.painter.erase();
    if (!this.#fetch(canvas, changed)) return undefined;
    if (mustPaint && this.#pointer) canvas.painter.paint(this.#pointer, this.#target.rootOrigin());
    if (hasPointerMoved) {
      for (const rows of [oldRows, canvas.painter.rows]) if (rows) changed.add(rows.y, rows.height);
    }
    if (changed.isEmpty && canvas.isDelivered) {
      if (!this.#damage) this.#pacer.captured(now, 0);
      return undefined;
    }
    this.#pacer.captured(now, share);
    const bands = canvas.isDelivered ? changed.bands() : "all";
    canvas.isDelivered = true;
    return { picture: canvas.picture, changed: bands, captureTime };
  }

  /** Fetches the dirty rows and notes those that differ; false if the server refused. */
  #fetch(canvas: Canvas, changed: RowSet): boolean {
    const { arrival, area } = canvas;
    for (const band of canvas.dirty.bands(FETCH_BRIDGE)) {
      if (!arrival.get(area.drawable, area.rectangle, band)) {
        this.#refuse();
        return false;
      }
      keepChanges(canvas, band, changed);
    }
    canvas.dirty.clear();
    this.#refusals = 0;
    return true;
  }

  /** The drawable is gone or has another size; an event tells, unless it does not come. */
  #refuse(): void {
    if (this.#connection.lost) throw this.#connection.lostError();
    this.#connection.takeError();
    this.#mustLocate = true;
    this.#refusals++;
    if (this.#refusals > MAX_REFUSALS) {
      throw new SightlineError("source-lost", `${this.info.name} can no longer be captured`);
    }
  }
}

/** The time in the clock that all of Sightline uses. */
function clock(): Micros {
  return micros((performance.timeOrigin + performance.now()) * 1_000);
}

function createCanvas(connection: XConnection, area: CaptureArea): Canvas {
  const { width, height } = area.rectangle;
  const arrival = createServerImage(connection, { width, height });
  const { stride } = arrival;
  // The picture is memory of its own: it can be compared with what arrives, and outlives the connection.
  const pixels = Buffer.alloc(stride * height);
  const picture: Picture = { width, height, format: "bgrx", planes: [pixels], strides: [stride] };
  const dirty = new RowSet(height);
  const painter = new PointerPainter({ pixels, stride, width, height });
  return { area, arrival, picture, pixels, stride, dirty, painter, isDelivered: false };
}

/** Copies the steps of rows that differ into the picture. */
function keepChanges(canvas: Canvas, band: Band, changed: RowSet): void {
  const { arrival, pixels, stride } = canvas;
  const end = band.y + band.height;
  for (let y = band.y; y < end; y += BAND_ROWS) {
    const height = Math.min(BAND_ROWS, end - y);
    const [from, to] = [y * stride, (y + height) * stride];
    if (arrival.pixels.compare(pixels, from, to, from, to) === 0) continue;
    arrival.pixels.copy(pixels, from, from, to);
    changed.add(y, height);
  }
}

function isSamePointer(a: PointerState | undefined, b: PointerState | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y && a?.shape === b?.shape;
}

function sameSize(a: Rectangle, b: Rectangle): boolean {
  return a.width === b.width && a.height === b.height;
}
