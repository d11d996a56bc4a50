import { type PointerPosition, PointerState } from "../../core/index.js";
import type { RtpViewer } from "./rtp-viewer.js";

/** A source's mouse pointer on its way to those viewers that draw it themselves. */
export class SharedPointer {
  /** What the pointer does, for those who send it to viewers. */
  readonly state: PointerState;
  private readonly viewers = new Set<RtpViewer>();

  /** @param state - where it is kept; default: a state of its own */
  constructor(state: PointerState = new PointerState()) {
    this.state = state;
  }

  /** A viewer draws the pointer itself. */
  add(viewer: RtpViewer): void {
    this.viewers.add(viewer);
  }

  /** A viewer has left. */
  remove(viewer: RtpViewer): void {
    this.viewers.delete(viewer);
  }

  /** Whether all of so many viewers draw it themselves, so that the picture can do without it. */
  isDrawnBy(viewers: number): boolean {
    return this.viewers.size > 0 && this.viewers.size === viewers;
  }

  /** Tells where it is; undefined: it is part of the picture, or there is none. */
  tell(position: PointerPosition | undefined): void {
    this.state.position = position;
    for (const viewer of this.viewers) viewer.pointerChanged();
  }
}
