import { later, type Micros, micros, millis, NEVER } from "../../core/index.js";
import {
  type PointerShape,
  type PointerState,
  PointerWatch,
  type Rectangle,
  type XConnection,
} from "../../x11/index.js";

/**
 * How the mouse pointer of a screen or window reaches the viewers.
 *
 * - `stream`: told apart from the picture, and drawn by the viewer: it moves at once and never makes the picture change
 * - `burn`: painted into the picture
 * - `off`: not at all
 */
export type PointerMode = "stream" | "burn" | "off";

/** Where the pointer is, for a viewer to draw. */
export interface PointerReport {
  /** Of its hot spot, in pixels from the picture's left edge; may lie outside of the picture. */
  readonly x: number;
  /** In pixels from the picture's top edge. */
  readonly y: number;
  /** Whether any of it is to be seen. */
  readonly visible: boolean;
  /** The same object as long as the shape is the same. */
  readonly shape: PointerShape;
}

/** Motion is told no more often than this: what a screen can show. */
const REPORT_INTERVAL: Micros = millis(8);
/** How often the position is asked for unasked: the server does not announce every motion that a program causes … */
const CHECK_INTERVAL: Micros = millis(500);
/** … and none at all without XInput 2. */
const POLL_INTERVAL: Micros = millis(50);

/** Follows the mouse pointer: says when it has to be painted, or reports where it went. */
export class PointerTracker {
  private readonly connection: XConnection;
  private readonly onReport: (report: PointerReport) => void;
  private mode: PointerMode = "off";
  private watch: PointerWatch | undefined;
  private state: PointerState | undefined;
  private reported: PointerReport | undefined;
  /** It may have moved. */
  private isStale = false;
  /** It is painted, and must not be any more. */
  private mustErase = false;
  private readAt: Micros = micros(Number.NEGATIVE_INFINITY);

  constructor(connection: XConnection, mode: PointerMode, onReport: (report: PointerReport) => void = () => {}) {
    this.connection = connection;
    this.onReport = onReport;
    this.setMode(mode);
  }

  /** Changes what becomes of the pointer. */
  setMode(mode: PointerMode): void {
    this.mustErase = this.mode === "burn" && mode !== "burn";
    this.mode = mode;
    if (mode !== "off") this.watch ??= PointerWatch.open(this.connection);
    this.state = undefined;
    this.reported = undefined;
    this.isStale = mode !== "off";
    this.readAt = micros(Number.NEGATIVE_INFINITY);
  }

  /** The server told of motion or of another shape. */
  notice(): void {
    this.isStale = this.mode !== "off";
  }

  /** Whether a picture must be made for the pointer's sake. */
  get isPaintDue(): boolean {
    return this.mustErase || (this.mode === "burn" && this.isStale);
  }

  /** When {@link follow} has something to do; `NEVER` if only events can tell. */
  get due(): Micros {
    if (this.mode === "off" || this.watch === undefined) return NEVER;
    if (this.isStale) return this.mode === "stream" ? later(this.readAt, REPORT_INTERVAL) : NEVER;
    return later(this.readAt, this.watch.announcesMotion ? CHECK_INTERVAL : POLL_INTERVAL);
  }

  /**
   * Asks the server once that is due, and reports what changed.
   *
   * @param findPicture - where the picture lies on the root window; undefined while there is none
   */
  follow(time: Micros, findPicture: () => Rectangle | undefined): void {
    if (time < this.due) return;
    this.isStale = true;
    if (this.mode !== "stream") return;
    this.read(time);
    const picture = findPicture();
    if (picture && this.state) this.report(this.state, picture);
  }

  /** What is to be painted into a picture that is captured now. */
  toPaint(time: Micros): PointerState | undefined {
    this.mustErase = false;
    if (this.mode !== "burn") return undefined;
    if (this.isStale) this.read(time);
    return this.state;
  }

  private read(time: Micros): void {
    this.isStale = false;
    this.readAt = time;
    this.state = this.watch?.read();
  }

  private report({ x, y, shape }: PointerState, picture: Rectangle): void {
    const last = this.reported;
    const [fromLeft, fromTop] = [x - picture.x, y - picture.y];
    const visible =
      overlaps(fromLeft - shape.hotX, shape.width, picture.width) &&
      overlaps(fromTop - shape.hotY, shape.height, picture.height);
    if (last?.x === fromLeft && last.y === fromTop && last.shape === shape && last.visible === visible) return;
    this.reported = { x: fromLeft, y: fromTop, visible, shape };
    this.onReport(this.reported);
  }
}

/** Whether a span that begins at `start` shares a pixel with the span from 0 to `end`. */
function overlaps(start: number, length: number, end: number): boolean {
  return start < end && start + length > 0;
}
