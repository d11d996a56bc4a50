import { PointerReceiver } from "../../../src/core/pointer/index.js";
import { rtpTimestamp } from "../../../src/core/rtp/index.js";
import {
  ChunkAssembler,
  MessageKind,
  type PixelRectangle,
  type PixelSize,
  parseChunk,
  StillReceiver,
} from "../../../src/core/stills/index.js";
import type { ViewerChannels } from "../whep.js";
import { PointerElement } from "./pointer-element.js";
import type { OpenStillLayer, ShownPicture, StillLayer } from "./still-layer.js";

/** Everything is not asked for more often than this: sending it takes time. */
const LEAST_REFRESH_INTERVAL_MS = 2_000;
/** The pixels as they are: a browser would fit them to the screen's colours, or blend them, and no longer show what was sent. */
const AS_IT_IS: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

/** Makes the layer of still tiles of a session. */
export const openStillCanvas: OpenStillLayer = ({ canvas, channels }) => new StillCanvas(canvas, channels);

/**
 * Draws what is still over the video, pixel for pixel. The page does not know when the browser puts a frame on the screen: tiles
 * are cleared as soon as they are told to change, which is before the frame that shows it can be there.
 */
class StillCanvas implements StillLayer {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly channels: ViewerChannels;
  private readonly receiver = new StillReceiver({ clearing: "at-once" });
  private readonly assembler = new ChunkAssembler();
  private readonly pointerReceiver = new PointerReceiver();
  private readonly pointer: PointerElement;
  private readonly images = new Map<number, ImageBitmap>();
  private readonly listening = new AbortController();
  /** The picture that the tiles are of, and the one that the video shows. */
  private picture: PixelSize = { width: 0, height: 0 };
  private shown: PixelSize = { width: 0, height: 0 };
  private refreshTimer: number | undefined;
  private refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(canvas: HTMLCanvasElement, channels: ViewerChannels) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.channels = channels;
    this.clear([{ x: 0, y: 0, width: canvas.width, height: canvas.height }]); // what the session before has left
    this.pointer = new PointerElement(canvas.parentElement ?? document.body);
    const { signal } = this.listening;
    channels.pointer.addEventListener("message", ({ data }) => this.receive(new Uint8Array(data)), { signal });
    channels.masks.addEventListener("message", ({ data }) => this.receive(new Uint8Array(data)), { signal });
    channels.tiles.addEventListener("message", ({ data }) => this.assemble(new Uint8Array(data)), { signal });
  }

  frameShown({ rtpTimestamp: timestamp, width, height }: ShownPicture): void {
    this.pointer.setPicture({ width, height });
    this.shown = { width, height };
    if (timestamp !== undefined) this.receiver.frameShown(rtpTimestamp(timestamp));
    this.follow();
  }

  close(): void {
    this.listening.abort();
    this.pointer.close();
    window.clearTimeout(this.refreshTimer);
    for (const image of this.images.values()) image.close();
    this.images.clear();
  }

  private assemble(message: Uint8Array): void {
    const chunk = parseChunk(message);
    const object = chunk && this.assembler.add(chunk);
    if (object !== undefined) this.receive(object);
  }

  private receive(message: Uint8Array): void {
    const [kind] = message;
    if (kind === MessageKind.pointerPosition || kind === MessageKind.pointerShape) {
      const update = this.pointerReceiver.receive(message);
      if (update !== undefined) this.pointer.update(update);
      return;
    }
    this.receiver.receive(message);
    this.follow();
  }

  private follow(): void {
    for (const operation of this.receiver.takeOperations()) {
      switch (operation.kind) {
        case "resize":
          this.resize(operation.picture);
          break;
        case "decode":
          void this.decode(operation.image, operation.codec, operation.data);
          break;
        case "lay":
          this.lay(operation.image, operation.rectangle, operation.parts);
          break;
        case "clear":
          this.clear(operation.parts);
          break;
        case "release":
          this.images.get(operation.image)?.close();
          this.images.delete(operation.image);
          break;
        case "refresh":
          this.refresh();
          break;
      }
    }
    this.setVisibility();
  }

  /**
   * Over a smaller picture, which is scaled, tiles would not lie where they belong. And masks may be late: all channels share what
   * SCTP makes of losses, and have been seen to lag by seconds.
   */
  private setVisibility(): void {
    const isFitting = this.shown.width === this.picture.width && this.shown.height === this.picture.height;
    this.canvas.style.visibility = isFitting && this.receiver.isCertain ? "visible" : "hidden";
  }

  private async decode(image: number, codec: string, data: Uint8Array): Promise<void> {
    try {
      const blob = new Blob([new Uint8Array(data)], { type: `image/${codec}` });
      const bitmap = await createImageBitmap(blob, AS_IT_IS);
      if (this.listening.signal.aborted) return bitmap.close();
      this.images.set(image, bitmap);
      this.receiver.decoded(image);
    } catch {
      this.receiver.failed(image);
    }
    this.follow();
  }

  private lay(image: number, { x, y }: PixelRectangle, parts: readonly PixelRectangle[]): void {
    const bitmap = this.images.get(image);
    if (bitmap === undefined) return;
    for (const part of parts) {
      const { width, height } = part;
      this.context?.drawImage(bitmap, part.x - x, part.y - y, width, height, part.x, part.y, width, height);
    }
  }

  private clear(parts: readonly PixelRectangle[]): void {
    for (const { x, y, width, height } of parts) this.context?.clearRect(x, y, width, height);
  }

  private resize(picture: PixelSize): void {
    this.picture = picture;
    // Setting a canvas's size clears it, also where it stays the same.
    this.canvas.width = picture.width;
    this.canvas.height = picture.height;
  }

  private refresh(): void {
    if (this.refreshTimer !== undefined) return;
    const waitMs = this.refreshedAt + LEAST_REFRESH_INTERVAL_MS - performance.now();
    this.refreshTimer = window.setTimeout(
      () => {
        this.refreshTimer = undefined;
        this.refreshedAt = performance.now();
        if (this.channels.tiles.readyState === "open") this.channels.tiles.send(Uint8Array.of(MessageKind.refresh));
      },
      Math.max(0, waitMs),
    );
  }
}
