import { Frame, Packet } from "node-av/lib";
import { now } from "../../clock/index.js";
import { SightlineError } from "../../core/index.js";
import { changedBands } from "../changed-bands.js";
import { FrameAdopter } from "../native/frame-adopter.js";
import { check } from "../native/library.js";
import type { StreamReader } from "../native/stream-reader.js";
import type { Picture } from "../picture.js";
import type { CapturedPicture, SourceInfo, VideoSource } from "./source.js";

/** A device that delivered pictures and then none for so long is lost: some drivers never report an unplugged camera. */
const SILENCE_MS = 10_000;
/** A picture that comes a little early for the wanted rate still counts. */
const EARLY_SHARE = 0.75;

/**
 * A camera, another system's screen grabber, or a network stream: read as it comes, and only the newest picture is kept.
 */
export class LiveSource implements VideoSource {
  readonly info: SourceInfo;
  private readonly reader: StreamReader;
  private readonly adopter = new FrameAdopter();
  private readonly minInterval: number;
  /** Two packets take turns: one is read into while the other waits to be decoded. */
  private packets: readonly [Packet, Packet];
  private hasPacket = false;
  private arrival = now();
  private lastDelivery = 0;
  private before: Picture | undefined;
  /** The newest decoded frame, not copied before somebody wants it. */
  private readonly newest = new Frame();
  private hasFrame = false;
  private failure: SightlineError | undefined;
  private state: "running" | "ended" | "closed" = "running";
  private wake: () => void = () => {};

  /** @param info - `content` decides whether pictures are compared: a screen delivers nothing while it is still */
  constructor(reader: StreamReader, info: SourceInfo) {
    this.reader = reader;
    this.info = info;
    this.minInterval = (EARLY_SHARE * 1_000_000) / info.fps;
    this.packets = [new Packet(), new Packet()];
    for (const packet of this.packets) packet.alloc();
    this.newest.alloc();
    void this.readOn();
  }

  async next(): Promise<CapturedPicture | undefined> {
    for (;;) {
      if (this.state === "closed") return undefined;
      const picture = this.takePicture();
      if (picture !== undefined) return picture;
      if (this.failure !== undefined) throw this.failure;
      if (this.state === "ended") throw this.lost("it has ended");
      await this.somethingNew();
    }
  }

  async close(): Promise<void> {
    if (this.state === "closed") return;
    this.state = "closed";
    this.wake();
    await this.reader.close();
    this.newest.free();
    this.adopter.close();
  }

  /** The reader's loop: keeps the device's queue empty however slow the consumer is. */
  private async readOn(): Promise<void> {
    try {
      for (;;) {
        const [packet, waiting] = this.packets;
        if (!(await this.reader.readPacket(packet))) break;
        if (this.state === "closed") return;
        this.arrival = now();
        this.packets = [waiting, packet];
        this.hasPacket = true;
        // Pictures that depend on each other must all be decoded; others wait until they are wanted.
        if (!this.reader.isIntraOnly) this.decodeWaiting();
        this.wake();
      }
      if (this.state === "running") this.state = "ended";
    } catch (error) {
      this.failure = error instanceof SightlineError ? this.lost(error.message) : this.lost(String(error));
    }
    this.wake();
  }

  private decodeWaiting(): void {
    if (!this.hasPacket) return;
    this.hasPacket = false;
    this.reader.send(this.packets[1]);
    for (let frame = this.reader.receive(); frame !== undefined; frame = this.reader.receive()) {
      this.newest.unref();
      check(this.newest.ref(frame), "FFmpeg cannot keep a picture");
      this.hasFrame = true;
    }
  }

  private takePicture(): CapturedPicture | undefined {
    if (this.arrival - this.lastDelivery < this.minInterval) return undefined;
    this.decodeWaiting();
    if (!this.hasFrame) return undefined;
    this.hasFrame = false;
    const picture = this.adopter.adopt(this.newest);
    const changed = this.info.content === "screen" ? changedBands(this.before, picture) : "all";
    this.before = picture;
    if (changed !== "all" && changed.length === 0) return undefined;
    this.lastDelivery = this.arrival;
    return { picture, changed, captureTime: this.arrival };
  }

  private async somethingNew(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(() => {
        this.failure = this.lost(`it has delivered nothing for ${SILENCE_MS / 1_000} s`);
        resolve();
      }, SILENCE_MS);
    });
    clearTimeout(timer);
  }

  private lost(reason: string): SightlineError {
    return new SightlineError("source-lost", `${this.info.name} is gone: ${reason}`);
  }
}
