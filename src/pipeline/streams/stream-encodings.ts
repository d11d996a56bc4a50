import { now } from "../../clock/index.js";
import type { DegradationPreference, EncodedFrame } from "../../core/index.js";
import type { EncodingInfo, EncodingRequest, MediaProcess, OpenedInfo, OpenRequest } from "../../media/index.js";
import { EncodingFeed } from "./encoding-feed.js";
import { type EncodingId, type EncodingSettings, encodingRequest } from "./encodings.js";
import { StreamDegradation } from "./stream-degradation.js";

/** On the top rung, a path that carries less than this part of the widest does not set the bitrate: its viewer moves down. */
const OUTLIER_PART = 0.6;
/** The encodings that show the whole picture. */
const MAINS = ["main-420", "main-444"] as const;

/** What the encodings of one stream are made from. */
export interface StreamEncodingsOptions {
  readonly settings: EncodingSettings;
  /** What is encoded from the start. */
  readonly initial: readonly EncodingId[];
  /** What encoders are set to before a path is known, in bits/s. */
  readonly startBps: number;
  /** The most that a camera's pictures take, in bits/s. Default: what paths carry. */
  readonly cameraBps?: number;
  /** What gives way on a path that carries too little for the picture. Default: by profile. */
  readonly degradation?: DegradationPreference;
  /** The size that was asked for. Default: the source's. */
  readonly size?: OpenRequest["size"];
  /** Where they are encoded; undefined before it was started. */
  readonly media: () => MediaProcess | undefined;
}

/** The encodings of one stream: what each is like, who takes it, and how much of the picture its takers' paths carry. */
export class StreamEncodings {
  private readonly options: StreamEncodingsOptions;
  private readonly feeds = new Map<EncodingId, EncodingFeed>();
  private readonly infos = new Map<string, EncodingInfo>();
  private degradation: StreamDegradation | undefined;
  private opened: OpenedInfo | undefined;

  constructor(options: StreamEncodingsOptions) {
    this.options = options;
  }

  /** What to open with the source. */
  initialRequests(): EncodingRequest[] {
    const { initial, settings, startBps } = this.options;
    for (const id of initial) this.feed(id);
    return initial.map((id) => encodingRequest(id, settings, { bitrateBps: startBps }));
  }

  /** How pictures are encoded for most viewers: the largest of the encodings that were opened. */
  get main(): EncodingInfo {
    return this.opened!.encodings[0] ?? [...this.infos.values()][0]!;
  }

  /** The main encoding that most viewers take; undefined before there was one. */
  get busiestMain(): EncodingFeed | undefined {
    return MAINS.flatMap((id) => this.feeds.get(id) ?? []).toSorted((a, b) => b.takers - a.takers)[0];
  }

  /** The size at which most viewers get the picture, and the most frames a second; less than in full where a path is thin. */
  get picture(): { readonly width: number; readonly height: number; readonly fps: number } {
    const [busiest] = [...this.feeds].toSorted(([, a], [, b]) => b.takers - a.takers);
    const id = busiest?.[0] ?? (this.main.id as EncodingId);
    const { width, height } = this.infos.get(id) ?? this.main;
    return { width, height, fps: this.opened!.source.fps / (this.degradation?.levelOf(id).fpsDivisor ?? 1) };
  }

  /** What the stream carries at present, in bits/s. */
  get actualBps(): number {
    return Math.max(0, ...[...this.feeds.values()].map(({ actualBps }) => actualBps));
  }

  /** The feed of an encoding, which is opened when somebody joins it and closed when nobody has wanted it for a while. */
  feed(id: EncodingId): EncodingFeed {
    const known = this.feeds.get(id);
    if (known !== undefined) return known;
    const { startBps, initial, media } = this.options;
    const feed = new EncodingFeed({
      startBps,
      outlierPart: id === "low" ? 0 : OUTLIER_PART,
      mostBps: () => this.mostBps,
      isOpen: initial.includes(id),
      control: {
        open: (bitrateBps) => this.open(id, bitrateBps),
        close: () => media()?.closeEncoding(id),
        setBitrate: (bitrateBps) => media()?.setBitrate(id, bitrateBps),
        hold: (on) => media()?.hold(id, on),
        requestKeyframe: (request) => media()?.requestKeyframe(id, request),
      },
    });
    this.feeds.set(id, feed);
    return feed;
  }

  /** A frame was encoded. */
  deliver(id: EncodingId, frame: EncodedFrame): void {
    this.feeds.get(id)?.deliver(frame);
  }

  /** The source is open, or has another size: everything is encoded anew. */
  onOpened(info: OpenedInfo): void {
    this.opened = info;
    this.degradation ??= this.createDegradation();
    for (const encoding of info.encodings) this.infos.set(encoding.id, encoding);
    for (const feed of this.feeds.values()) feed.restart();
  }

  /** An encoding was opened, or opened anew. */
  onEncodingOpened(info: EncodingInfo): void {
    this.infos.set(info.id, info);
    this.feeds.get(info.id as EncodingId)?.restart();
  }

  /** Gives up frames or size where paths carry too little, and takes them back; to be called a few times a second. */
  degrade(): void {
    if (this.opened === undefined) return;
    const { source } = this.opened;
    const { width, height } = this.options.size ?? source;
    const full = { width: Math.min(width, source.width), height: Math.min(height, source.height), fps: source.fps };
    for (const id of MAINS) {
      const feed = this.feeds.get(id);
      if (feed !== undefined) this.degradation?.update(now(), id, feed, full);
    }
  }

  /** Ends waiting for anything. */
  stop(): void {
    for (const feed of this.feeds.values()) feed.stop();
  }

  private get profile(): EncodingSettings["profile"] {
    return this.options.settings.profile ?? this.opened?.source.content;
  }

  private get mostBps(): number {
    const { cameraBps = Number.POSITIVE_INFINITY } = this.options;
    return this.profile === "camera" ? cameraBps : Number.POSITIVE_INFINITY;
  }

  private open(id: EncodingId, bitrateBps: number): void {
    const picture = this.opened?.source;
    const request = encodingRequest(id, this.options.settings, { bitrateBps, ...(picture && { picture }) });
    const level = this.degradation?.levelOf(id);
    this.options.media()?.openEncoding({ ...request, ...(level && { level }) });
  }

  private createDegradation(): StreamDegradation {
    const byProfile = this.profile === "camera" ? "size" : "fps";
    return new StreamDegradation({
      preference: this.options.degradation ?? byProfile,
      apply: (id, level) => this.options.media()?.degrade(id, level),
    });
  }
}
