import type { SightlineError } from "../../core/index.js";
import { drawOverlay, openSurface, type Surface, type SurfaceBand } from "../../display/index.js";
import {
  type ChangedRows,
  fitViewport,
  joinChanges,
  type Picture,
  PictureScaler,
  type PointerPosition,
  type PointerShapeHeader,
  type Viewport,
} from "../../media/index.js";
import { PictureComposer } from "./picture-composer.js";
import { PointerOverlay } from "./pointer-overlay.js";
import type { StillOverlay } from "./still-overlay.js";

/** What happens to the window. */
export interface WindowHandlers {
  /** The user wants to end, or the display is lost. */
  quit(error?: SightlineError): void;
  snapshot(): void;
}

/** Shows pictures in a window: keeps their shape, draws only what changed, lays the overlay and notices over them. */
export class WindowView {
  private readonly surface: Surface;
  private readonly handlers: WindowHandlers;
  private readonly scaler = new PictureScaler();
  private readonly pointer = new PointerOverlay();
  private readonly stills: StillOverlay;
  private readonly composer: PictureComposer;
  private fullscreen: boolean;
  private picture: Picture | undefined;
  private viewport: Viewport | undefined;
  /** What differs from the picture in the window. */
  private pending: ChangedRows = "all";
  private overlayOn = false;
  private figures: readonly string[] = [];
  private notice = "";

  /**
   * @param stills - what lies over the video
   * @throws SightlineError `unsupported` if no window can be opened here
   */
  constructor(
    options: { readonly title: string; readonly fullscreen: boolean },
    stills: StillOverlay,
    handlers: WindowHandlers,
  ) {
    this.stills = stills;
    this.composer = new PictureComposer(stills);
    this.surface = openSurface({ ...options, width: 1280, height: 720 });
    this.fullscreen = options.fullscreen;
    this.handlers = handlers;
    this.surface.onReadable(() => this.handleEvents());
  }

  /** Which kind of window it is. */
  get kind(): "x11" | "sdl" {
    return this.surface.kind;
  }

  /** Shows a picture; its memory must stay valid until the next one is shown. */
  show(picture: Picture, changed: ChangedRows): void {
    const isSameSize = this.picture?.width === picture.width && this.picture.height === picture.height;
    this.picture = picture;
    this.pending = isSameSize ? joinChanges(this.pending, changed) : "all";
    this.draw();
    this.handleEvents();
  }

  /** Draws rows of the picture again, because other tiles lie over them now. */
  refresh(changed: ChangedRows): void {
    this.pending = joinChanges(this.pending, changed);
    this.draw();
  }

  /** Sets the overlay's lines; they are seen while it is on. */
  setFigures(lines: readonly string[]): void {
    this.figures = lines;
    if (this.overlayOn) this.redraw();
  }

  /** Shows a line over the picture; empty: none. */
  setNotice(text: string): void {
    this.notice = text;
    this.redraw();
  }

  /** A shape of the sender's mouse pointer. */
  addPointerShape(shape: PointerShapeHeader, rgba: Uint8Array): void {
    this.pointer.addShape(shape, rgba);
  }

  /** Draws the sender's mouse pointer where it is now; undefined: it is part of the picture, or there is none. */
  movePointer(position: PointerPosition | undefined): void {
    const before = this.pointer.erase();
    this.pointer.move(position);
    this.surface.present([...before, ...this.paintPointer()]);
  }

  /** Closes the window. */
  close(): void {
    this.scaler.close();
    this.composer.close();
    this.surface.close();
  }

  private redraw(): void {
    this.pending = "all";
    this.draw();
  }

  /** Brings the window up to date: the picture's changed rows, with the panel over them. */
  private draw(): void {
    const { surface, picture } = this;
    const viewport = picture && fitViewport(picture, surface);
    const pointerBefore = this.pointer.erase();
    if (!picture || !isSameViewport(viewport, this.viewport)) {
      surface.pixels.fill(0);
      this.pointer.forgetPixels();
      this.pending = "all";
      this.viewport = viewport;
    }
    const drawn = picture && viewport ? this.drawPicture(picture, viewport) : [];
    const panel = drawOverlay(surface, this.panelLines());
    const pointer = [...pointerBefore, ...this.paintPointer()];
    const everything = this.pending === "all" ? [{ y: 0, height: surface.height }] : undefined;
    surface.present(everything ?? [...drawn, ...pointer, ...(panel.height > 0 ? [panel] : [])]);
    this.pending = [];
  }

  /** Tiles are laid over in the window where it shows the picture pixel by pixel; otherwise both are scaled together. */
  private drawPicture(picture: Picture, viewport: Viewport): readonly SurfaceBand[] {
    const { surface, stills, scaler, pending } = this;
    const isScaled = viewport.width !== picture.width || viewport.height !== picture.height;
    if (isScaled) return scaler.draw(this.composer.compose(picture), pending, surface, viewport);
    const drawn = scaler.draw(picture, pending, surface, viewport);
    // More rows may have been drawn than were pending.
    const rows = drawn.map(({ y, height }) => ({ y: y - viewport.y, height }));
    if (stills.covers(picture)) stills.cover(surface, viewport, rows);
    return drawn;
  }

  private paintPointer(): SurfaceBand[] {
    const { picture, viewport } = this;
    return picture && viewport ? this.pointer.paint(this.surface, viewport, picture) : [];
  }

  private panelLines(): readonly string[] {
    const notice = this.notice === "" ? [] : [this.notice];
    return this.overlayOn ? [...notice, ...this.figures] : notice;
  }

  private handleEvents(): void {
    for (const event of this.surface.poll()) {
      switch (event.kind) {
        case "resize":
          this.viewport = undefined;
          this.pointer.forgetPixels();
          this.redraw();
          break;
        case "expose": // the surface has shown it again already
          break;
        case "close":
          this.handlers.quit();
          break;
        case "lost":
          this.handlers.quit(event.error);
          break;
        case "key":
          this.handleKey(event.key);
          break;
      }
    }
  }

  private handleKey(key: string): void {
    if (key === "q" || key === "escape") this.handlers.quit();
    else if (key === "s") this.handlers.snapshot();
    else if (key === "f") {
      this.fullscreen = !this.fullscreen;
      this.surface.setFullscreen(this.fullscreen);
    } else if (key === "i") {
      this.overlayOn = !this.overlayOn;
      this.redraw();
    }
  }
}

function isSameViewport(a: Viewport | undefined, b: Viewport | undefined): boolean {
  return a?.x === b?.x && a?.y === b?.y && a?.width === b?.width && a?.height === b?.height;
}
