import { now } from "../../clock/index.js";
import { earliest, later, type Micros, micros, millis, SightlineError } from "../../core/index.js";
import { Damage, type Rectangle, type XConnection, type XEvent, type XId } from "../../x11/index.js";
import { type CaptureArea, CaptureCanvas } from "./capture-canvas.js";
import { CapturePacer } from "./capture-pacer.js";
import { type PointerMode, PointerTracker } from "./pointer-tracker.js";
import type { CapturedPicture, SourceInfo, SourceOptions, VideoSource } from "./source.js";

/** Refused requests in a row after which a drawable counts as lost; while it is resized one or two are normal. */
const MAX_REFUSALS = 5;
/** How long to wait after a refused request for the event that explains it. */
const REFUSAL_PAUSE: Micros = millis(20);

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
  /** Frees what {@link locate} made; the connection is still open. */
  close(): void;
}

/**
 * Captures part of an X server's screen. DAMAGE tells which rows were drawn to; only those are fetched, and of those only
 * the ones that differ are reported. Without DAMAGE every slot fetches and compares everything.
 */
export class X11Capture implements VideoSource {
  readonly info: SourceInfo;
  private readonly connection: XConnection;
  private readonly target: CaptureTarget;
  private readonly pacer: CapturePacer;
  private readonly damage: Damage | undefined;
  private readonly pointer: PointerTracker;
  private canvas: CaptureCanvas | undefined;
  private mustLocate = false;
  /** When drawing or motion was noticed last. */
  private newestAt: Micros = micros(0);
  /** The bounding box of the damage that was announced and not taken yet. */
  private announced: Rectangle | undefined;
  private refusals = 0;
  private isResting = false;
  private isClosed = false;
  private wake: (() => void) | undefined;

  /**
   * Takes over the connection, and closes it even when it throws.
   *
   * @throws SightlineError `source-lost` or `not-found` if there is nothing to be seen
   */
  constructor(
    connection: XConnection,
    target: CaptureTarget,
    options: Pick<SourceOptions, "fps" | "pointer" | "onPointer">,
  ) {
    this.connection = connection;
    this.target = target;
    this.pacer = new CapturePacer(options.fps);
    try {
      this.damage = Damage.watch(connection, target.watched);
      this.pointer = new PointerTracker(connection, options.pointer ?? "burn", options.onPointer);
      this.locate();
      if (connection.lost) throw connection.lostError();
      if (!this.canvas) {
        throw new SightlineError("not-found", `${target.info.name} is not visible; bring it to the screen`);
      }
      const { width, height } = this.canvas.picture;
      this.info = { ...target.info, width, height, fps: options.fps };
      connection.onReadable(() => this.wake?.());
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  async next(): Promise<CapturedPicture | undefined> {
    while (!this.isClosed) {
      this.readEvents();
      if (this.mustLocate) this.locate();
      const time = now();
      if (!this.isResting) this.pointer.follow(time, () => this.pictureOnRoot());
      // Drawing that was announced together with an answer would go unnoticed until something else wakes the loop.
      this.readEvents();
      if (this.mustLocate) continue;
      const work = { isPending: this.isPending(), newestAt: this.newestAt, share: this.share() };
      const step = this.pacer.plan(time, work);
      if (step.kind === "wait") {
        await this.wait(step.until);
      } else if (step.kind === "rearm") {
        this.takeDamage();
      } else {
        const captured = this.capture(time);
        if (captured) return captured;
        if (this.refusals > 0) await this.wait(later(now(), REFUSAL_PAUSE));
      }
    }
    return undefined;
  }

  rest(on: boolean): void {
    this.isResting = on;
    this.wake?.();
  }

  setPointerMode(mode: PointerMode): void {
    this.pointer.setMode(mode);
    this.wake?.();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.canvas?.close();
    this.target.close();
    this.damage?.close();
    this.connection.close();
    this.wake?.();
  }

  private isPending(): boolean {
    if (!this.canvas || this.isResting) return false;
    if (this.damage === undefined || this.pointer.isPaintDue) return true;
    return this.announced !== undefined || !this.canvas.dirty.isEmpty;
  }

  /** The share of the picture that was drawn to, as far as it is known yet. */
  private share(): number {
    if (!this.canvas) return 0;
    const { picture, dirty } = this.canvas;
    const { width, height } = this.announced ?? { width: 0, height: 0 };
    return Math.max((width * height) / (picture.width * picture.height), dirty.share);
  }

  private readEvents(): void {
    for (let event = this.connection.pollEvent(); event; event = this.connection.pollEvent()) {
      if (event.kind === "damage") {
        this.announced = event.area;
        this.newestAt = now();
      } else if (event.kind === "motion" || event.kind === "cursor") {
        this.pointer.notice();
        if (this.pointer.isPaintDue) this.newestAt = now();
      } else if (this.target.handleEvent(event)) {
        this.mustLocate = true;
      }
    }
    if (this.connection.lost) throw this.connection.lostError();
  }

  /** Resolves at `until`, or as soon as something arrives from the server or {@link close} is called. */
  private async wait(until: Micros): Promise<void> {
    const start = now();
    const end = this.isResting ? until : earliest(until, this.pointer.due);
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(end) ? setTimeout(resolve, Math.max(0, (end - start) / 1_000)) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }

  private locate(): void {
    this.mustLocate = false;
    const area = this.target.locate();
    this.canvas?.close();
    this.canvas = area && new CaptureCanvas(this.connection, area);
  }

  /** Marks what was drawn to as dirty. Drawing after that is announced again. */
  private takeDamage(): void {
    this.announced = undefined;
    const canvas = this.canvas;
    if (!canvas) return;
    if (!this.damage) {
      canvas.dirty.addAll();
      return;
    }
    const { damageOrigin: origin, rectangle } = canvas.area;
    for (const { x, y, width, height } of this.damage.take()) {
      const isInside = x + width > origin.x && x < origin.x + rectangle.width;
      if (isInside) canvas.dirty.add(y - origin.y, height);
    }
  }

  /** Fetches what is dirty; undefined if it turned out unchanged, or was refused. */
  private capture(time: Micros): CapturedPicture | undefined {
    const canvas = this.canvas;
    if (!canvas) return undefined;
    const work = { newestAt: this.newestAt, share: this.share() };
    this.takeDamage();
    const pointer = this.pointer.toPaint(time);
    const captureTime = now();
    const isFetched = canvas.update(pointer, () => this.target.rootOrigin());
    if (!isFetched) {
      this.refuse();
      return undefined;
    }
    this.refusals = 0;
    const changed = canvas.takeChanges();
    if (changed || !this.damage) this.pacer.captured(time, work);
    return changed && { picture: canvas.picture, changed, captureTime };
  }

  private pictureOnRoot(): Rectangle | undefined {
    if (!this.canvas) return undefined;
    const { width, height } = this.canvas.picture;
    return { ...this.target.rootOrigin(), width, height };
  }

  /** The drawable is gone or has another size; an event will tell, or locating it again. */
  private refuse(): void {
    if (this.connection.lost) throw this.connection.lostError();
    this.connection.takeError();
    this.mustLocate = true;
    this.refusals++;
    if (this.refusals > MAX_REFUSALS) {
      throw new SightlineError("source-lost", `${this.info.name} can no longer be captured`);
    }
  }
}
