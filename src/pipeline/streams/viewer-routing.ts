import type { Micros } from "../../core/index.js";
import type { EncodingId } from "./encodings.js";
import { type Rung, type RungPath, RungPlan, type TopRung } from "./rung-plan.js";

/** Options of {@link ViewerRouting}. */
export interface ViewerRoutingOptions<Viewer> {
  /** How the path to a viewer fares. */
  readonly pathOf: (viewer: Viewer) => RungPath;
  /** A viewer is to be sent this encoding from now on. */
  readonly onRoute: (viewer: Viewer, encoding: EncodingId) => void;
}

/**
 * Chooses which encoding each viewer of a stream is sent: its own at full size, by what it decodes, or the low rung's where its
 * path carries too little ({@link RungPlan}). Has no clock: it is told the time.
 */
export class ViewerRouting<Viewer> {
  private readonly options: ViewerRoutingOptions<Viewer>;
  private readonly tops = new Map<Viewer, EncodingId>();
  private readonly routes = new Map<Viewer, EncodingId>();
  private readonly plan = new RungPlan<Viewer>();
  private lowRungWorks = true;

  constructor(options: ViewerRoutingOptions<Viewer>) {
    this.options = options;
  }

  /** How many are sent the stream. */
  get count(): number {
    return this.tops.size;
  }

  /** All who are sent the stream. */
  viewers(): Iterable<Viewer> {
    return this.tops.keys();
  }

  /** A viewer comes: it is sent `top` while its path carries that. */
  add(now: Micros, viewer: Viewer, top: EncodingId): void {
    this.tops.set(viewer, top);
    if (top !== "jpeg") this.plan.add(now, viewer);
    this.route(viewer, top);
  }

  /** A viewer turns out to take another encoding: it is sent `top` while its path carries that. */
  changeTop(viewer: Viewer, top: EncodingId): void {
    const before = this.tops.get(viewer);
    if (before === undefined || before === top) return;
    this.tops.set(viewer, top);
    if (this.routes.get(viewer) === before) this.route(viewer, top);
  }

  /** A viewer has left. */
  remove(viewer: Viewer): void {
    this.tops.delete(viewer);
    this.routes.delete(viewer);
    this.plan.remove(viewer);
  }

  /** The rung that a viewer takes. */
  rungOf(viewer: Viewer): Rung {
    return this.routes.get(viewer) === "low" ? "low" : "top";
  }

  /** Looks at all paths; to be called a few times a second. */
  followPaths(now: Micros, top: TopRung): void {
    if (!this.lowRungWorks) return;
    for (const { viewer, rung } of this.plan.update(now, this.options.pathOf, top)) {
      this.route(viewer, rung === "low" ? "low" : this.tops.get(viewer)!);
    }
  }

  /**
   * An encoding cannot be made: whoever takes it is sent another one.
   *
   * @returns false if there is no other: without 4:2:0 at full size there is nothing to send
   */
  replace(failed: EncodingId): boolean {
    if (failed !== "low" && failed !== "main-444") return false;
    if (failed === "low") this.lowRungWorks = false;
    for (const [viewer, top] of this.tops) {
      if (top === failed) this.tops.set(viewer, "main-420");
      if (this.routes.get(viewer) === failed) this.route(viewer, this.tops.get(viewer)!);
    }
    return true;
  }

  private route(viewer: Viewer, encoding: EncodingId): void {
    this.routes.set(viewer, encoding);
    this.options.onRoute(viewer, encoding);
  }
}
