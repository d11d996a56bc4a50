import { PointerReceiver } from "../../../src/core/pointer/index.js";
import { rtpTimestamp } from "../../../src/core/rtp/index.js";
import {
  ChunkAssembler,
  MessageKind,
  type PixelSize,
  parseChunk,
  StillReceiver,
} from "../../../src/core/stills/index.js";
import type { ViewerChannels } from "../whep.js";
import { PointerElement } from "./pointer-element.js";
import { type DrawingOperation, StillDrawing } from "./still-drawing.js";
import type { OpenStillLayer, ShownPicture, StillLayer, StillLayerParts } from "./still-layer.js";

/** Everything is not asked for more often than this: sending it takes time. */
const LEAST_REFRESH_INTERVAL_MS = 2_000;

/** Makes the layer of still tiles of a session. */
export const openStillCanvas: OpenStillLayer = (parts) => new StillCanvas(parts);

/**
 * Draws what is still over the video, pixel for pixel. The page does not know when the browser puts a frame on the screen: tiles
 * are cleared as soon as they are told to change, which is before the frame that shows it can be there.
 */
class StillCanvas implements StillLayer {
  private readonly canvas: HTMLCanvasElement;
  private readonly drawing: StillDrawing;
  private readonly channels: ViewerChannels;
  private readonly receiver = new StillReceiver({ clearing: "at-once" });
  private readonly assembler = new ChunkAssembler();
  private readonly pointerReceiver = new PointerReceiver();
  private readonly pointer: PointerElement;
  private readonly listening = new AbortController();
  /** The picture that the video shows. */
  private shown: PixelSize = { width: 0, height: 0 };
  private refreshTimer: number | undefined;
  private refreshedAt = Number.NEGATIVE_INFINITY;

  constructor({ canvas, channels, stillFrames }: StillLayerParts) {
    this.canvas = canvas;
    this.drawing = new StillDrawing(canvas);
    this.channels = channels;
    this.pointer = new PointerElement(canvas.parentElement ?? document.body);
    const { signal } = this.listening;
    channels.pointer.addEventListener("message", ({ data }) => this.receive(new Uint8Array(data)), { signal });
    channels.masks.addEventListener("message", ({ data }) => this.receive(new Uint8Array(data)), { signal });
    channels.tiles.addEventListener("message", ({ data }) => this.assemble(new Uint8Array(data)), { signal });
    stillFrames?.onMessage((message) => this.assemble(message), signal);
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
    this.drawing.close();
  }

  private assemble(message: Uint8Array): void {
    const chunk = parseChunk(message);
    const { abandoned } = this.assembler;
    const object = chunk && this.assembler.add(chunk);
    // A part of it was lost for good, which the sender does not know.
    if (this.assembler.abandoned > abandoned) this.refresh();
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
    const drawn: DrawingOperation[] = [];
    for (const operation of this.receiver.takeOperations()) {
      if (operation.kind === "decode") void this.decode(operation.image, operation.codec, operation.data);
      else if (operation.kind === "refresh") this.refresh();
      else drawn.push(operation);
    }
    this.drawing.take(drawn);
    this.setVisibility();
  }

  /**
   * Over a smaller picture, which is scaled, tiles would not lie where they belong. And masks may be late: all channels share what
   * SCTP makes of losses, and have been seen to lag by seconds.
   */
  private setVisibility(): void {
    const { picture } = this.drawing;
    const isFitting = this.shown.width === picture.width && this.shown.height === picture.height;
    this.canvas.style.visibility = isFitting && this.receiver.isCertain ? "visible" : "hidden";
  }

  private async decode(image: number, codec: string, data: Uint8Array): Promise<void> {
    const isDecoded = await this.drawing.decode(image, codec, data);
    if (this.listening.signal.aborted) return;
    if (isDecoded) this.receiver.decoded(image);
    else this.receiver.failed(image);
    this.follow();
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
