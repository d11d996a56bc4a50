import { now } from "../../clock/index.js";
import {
  elapsed,
  MessageKind,
  type Micros,
  micros,
  millis,
  PointerReceiver,
  rtpTimestamp,
  SightlineError,
  seconds,
} from "../../core/index.js";
import type { Link } from "../../ipc/index.js";
import {
  changedBands,
  type Decoder,
  joinChanges,
  openDecoder,
  type Picture,
  type PointerPosition,
  type PointerShapeHeader,
  Recorder,
  writePng,
} from "../../media/index.js";
import { LatencyWindow } from "./latency-window.js";
import { PictureComposer } from "./picture-composer.js";
import type { FrameHeader, FromViewer, ToViewer, ViewerRequest } from "./protocol.js";
import { packPicture, RawFrameWriter } from "./raw-frames.js";
import { snapshotName } from "./snapshot-name.js";
import { StillOverlay } from "./still-overlay.js";
import { WindowView } from "./window-view.js";

/** Decoded pictures on their way to the parent; beyond it, pictures are left out. */
const MAX_DELIVERY_BACKLOG_BYTES = 64 * 1024 * 1024;
/** A decoder that keeps failing asks for a keyframe this often. */
const KEYFRAME_REQUEST_INTERVAL = millis(200);
/** A damaged picture is held back so long, in the hope of a keyframe; a sender that never sends one is shown as it is. */
const DAMAGE_PATIENCE = seconds(1);

interface ArrivedFrame {
  readonly header: FrameHeader;
  readonly data: Uint8Array;
  readonly arrived: Micros;
}

/**
 * Decodes the stream and gives its pictures to the window, the files and the parent process. All of it is synchronous:
 * waiting for other threads costs milliseconds of tail latency.
 */
export class Viewer {
  private readonly link: Link<ToViewer, FromViewer>;
  private readonly request: ViewerRequest;
  private readonly view: WindowView | undefined;
  private readonly recorder: Recorder | undefined;
  private readonly frameWriter: RawFrameWriter | undefined;
  private readonly stills: StillOverlay;
  private readonly pointer = new PointerReceiver();
  private readonly composer: PictureComposer;
  private readonly latency = new LatencyWindow();
  private queue: ArrivedFrame[] = [];
  private decoder: Decoder | undefined;
  private picture: Picture | undefined;
  private pictureShown = false;
  private delivering = false;
  private readonly snapshots: string[] = [];
  private damagedSince: Micros | undefined;
  private keyframeRequestedAt = micros(0);

  /** @throws SightlineError if the window or a file cannot be opened */
  constructor(link: Link<ToViewer, FromViewer>, request: ViewerRequest) {
    this.link = link;
    this.request = request;
    if (request.snapshot !== undefined) this.snapshots.push(request.snapshot);
    if (request.record !== undefined) this.recorder = new Recorder(request.record);
    if (request.frames !== undefined) this.frameWriter = new RawFrameWriter(request.frames, (error) => this.end(error));
    this.stills = new StillOverlay({
      changed: (rows) => this.view?.refresh(rows),
      needsAll: () => this.link.send({ type: "stills-needed", body: undefined }),
    });
    this.composer = new PictureComposer(this.stills);
    if (request.window !== undefined) {
      this.view = new WindowView(request.window, this.stills, {
        quit: (error) => this.end(error),
        snapshot: () => this.takeSnapshot(snapshotName(new Date())),
      });
    }
  }

  /** Which kind of window is open. */
  get windowKind(): "x11" | "sdl" | "none" {
    return this.view?.kind ?? "none";
  }

  /** Takes a frame in decoding order. Frames that arrive together are all decoded, but only the last one is shown. */
  accept(header: FrameHeader, data: Uint8Array): void {
    this.queue.push({ header, data, arrived: now() });
    if (this.queue.length === 1) queueMicrotask(() => this.drain());
  }

  /** Takes a message of the still layer. */
  acceptStill(message: Uint8Array): void {
    const [kind] = message;
    if (kind !== MessageKind.pointerPosition && kind !== MessageKind.pointerShape) {
      this.stills.receive(message);
      return;
    }
    const update = this.pointer.receive(message);
    if (update?.kind === "shape") this.view?.addPointerShape(update.shape, update.shape.rgba);
    if (update?.kind === "position") this.view?.movePointer(update.position);
  }

  /** Another stream comes: what was still is not. */
  resetStills(): void {
    this.stills.reset();
    this.pointer.reset();
    this.view?.movePointer(undefined);
  }

  /** Shows lines in the overlay. */
  setFigures(lines: readonly string[]): void {
    this.view?.setFigures(lines);
  }

  /** Shows a line over the picture; empty: none. */
  setNotice(text: string): void {
    this.view?.setNotice(text);
  }

  /** A shape of the sender's mouse pointer. */
  addPointerShape(shape: PointerShapeHeader, rgba: Uint8Array): void {
    this.view?.addPointerShape(shape, rgba);
  }

  /** Draws the sender's mouse pointer where it is now; undefined: nowhere. */
  movePointer(position: PointerPosition | undefined): void {
    this.view?.movePointer(position);
  }

  /** Starts or stops giving decoded pictures to the parent. */
  deliver(on: boolean): void {
    if (on && !this.wantsPictures) this.requestKeyframe();
    this.delivering = on;
  }

  /** Writes the picture shown now to a PNG file, or the first one that comes. */
  takeSnapshot(file: string): void {
    if (!this.wantsPictures) this.requestKeyframe();
    this.snapshots.push(file);
    if (this.picture && this.pictureShown) void this.writeSnapshots(this.picture);
  }

  /** How showing went since the last call. */
  statistics(): void {
    this.link.send({ type: "statistics", body: this.latency.take() });
  }

  /** Finishes the files and closes the window. */
  async close(): Promise<void> {
    this.view?.close();
    this.composer.close();
    this.recorder?.close();
    await this.frameWriter?.close();
    this.decoder?.close();
  }

  private get wantsPictures(): boolean {
    return Boolean(this.view || this.frameWriter || this.delivering || this.snapshots.length > 0);
  }

  private drain(): void {
    const frames = this.queue;
    this.queue = [];
    for (const [index, frame] of frames.entries()) {
      this.recorder?.add({ ...frame.header, captureTime: micros(frame.header.captureTime), data: frame.data });
      const isLast = index === frames.length - 1;
      if (this.wantsPictures && (isLast || frame.header.codec !== "jpeg")) this.decode(frame, isLast);
    }
  }

  private decode({ header, data, arrived }: ArrivedFrame, isNewest: boolean): void {
    if (this.decoder?.codec !== header.codec) {
      this.decoder?.close();
      this.decoder = openDecoder(header.codec);
    }
    const decoded = this.decoder.decode(data);
    if (!this.isPresentable(header.keyframe, decoded?.isDamaged ?? true) || !decoded || !isNewest) return;
    const { picture } = decoded;
    this.decoder.keep(picture);
    this.show(picture, header);
    this.picture = picture;
    this.handOut(picture, header, arrived);
  }

  /** Whether a decoded picture may be seen; asks for a keyframe if not. */
  private isPresentable(keyframe: boolean, damaged: boolean): boolean {
    if (keyframe || (!damaged && this.damagedSince === undefined)) {
      this.damagedSince = undefined;
      return true;
    }
    const at = now();
    this.damagedSince ??= at;
    this.requestKeyframe();
    return elapsed(this.damagedSince, at) > DAMAGE_PATIENCE;
  }

  private requestKeyframe(): void {
    const at = now();
    if (elapsed(this.keyframeRequestedAt, at) < KEYFRAME_REQUEST_INTERVAL) return;
    this.keyframeRequestedAt = at;
    this.link.send({ type: "keyframe-needed", body: undefined });
  }

  /** Brings the window up to date. Rows under still tiles are not looked at: when the tiles go, those rows are drawn anyway. */
  private show(picture: Picture, { rtpTimestamp: timestamp }: FrameHeader): void {
    const { stills, view } = this;
    const uncovered = timestamp === undefined ? [] : stills.frameShown(rtpTimestamp(timestamp));
    if (!view) return;
    const changed = changedBands(this.picture, picture, (rows) => stills.hides(picture, rows));
    view.show(picture, joinChanges(changed, uncovered));
  }

  private handOut(picture: Picture, header: FrameHeader, arrived: Micros): void {
    const captured = header.captureTimeKnown ? micros(header.captureTime) : undefined;
    this.latency.add(now(), { captured, arrived });
    if (!this.pictureShown) {
      this.pictureShown = true;
      this.link.send({ type: "first-picture", body: { width: picture.width, height: picture.height } });
    }
    if (this.snapshots.length > 0) void this.writeSnapshots(picture);
    if (this.frameWriter?.ready) this.frameWriter.write(packPicture(picture).data);
    if (this.delivering && this.link.backlogBytes < MAX_DELIVERY_BACKLOG_BYTES) this.sendPicture(picture, header);
  }

  private sendPicture(picture: Picture, header: FrameHeader): void {
    const { data, planeBytes, strides } = packPicture(picture);
    const { width, height, format } = picture;
    const { captureTime, rtpTimestamp } = header;
    const times = { captureTime, ...(rtpTimestamp !== undefined && { rtpTimestamp }) };
    this.link.send({ type: "picture", body: { width, height, format, planeBytes, strides, ...times }, payload: data });
  }

  private async writeSnapshots(picture: Picture): Promise<void> {
    const { window, record, frames, snapshot } = this.request;
    const isAllThatIsWanted = snapshot !== undefined && !window && !record && !frames && !this.delivering;
    let failure: SightlineError | undefined;
    for (const file of this.snapshots.splice(0)) {
      try {
        await writePng(this.composer.compose(picture), file);
        this.link.send({ type: "snapshot-written", body: { file } });
      } catch (error) {
        if (!(error instanceof SightlineError)) throw error;
        failure = error;
        this.link.send({ type: "snapshot-failed", body: { file, code: error.code, message: error.message } });
      }
    }
    if (isAllThatIsWanted) this.end(failure);
  }

  private end(error?: SightlineError): void {
    if (error) this.link.send({ type: "failed", body: { code: error.code, message: error.message } });
    else this.link.send({ type: "quit", body: undefined });
  }
}
