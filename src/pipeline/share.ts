import { writeFile } from "node:fs/promises";
import { now } from "../clock/index.js";
import { type EncodedFrame, PointerState, RateMeter, SightlineError, StillStore } from "../core/index.js";
import type { SourceInfo } from "../media/index.js";
import type { SrtpMasterKey } from "../transport/index.js";
import { JpegDatagramOutput } from "./jpeg-datagram.js";
import { ShareLink } from "./link/share-link.js";
import { RtpOutput } from "./rtp-output.js";
import { describeRtpTarget } from "./session-description.js";
import type { ShareOutput } from "./share-output.js";
import { initialEncodings, type SharePlan, sharePlan, streamIds } from "./share-plan.js";
import { type TargetKey, targetKeys } from "./share-protection.js";
import type {
  LinkInfo,
  Share,
  ShareEnd,
  ShareEvent,
  ShareOptions,
  ShareStatistics,
  ShareTarget,
  StreamInfo,
} from "./share-types.js";
import { sourceCandidates } from "./source-candidates.js";
import { startBitrate } from "./start-bitrate.js";
import type { EncodingId } from "./streams/encodings.js";
import { SharedStream } from "./streams/shared-stream.js";

const STATISTICS_INTERVAL_MS = 1_000;

/**
 * Captures one or more sources, encodes each once, sends it to every target and lets viewers in by a link.
 *
 * @throws SightlineError `invalid-argument` for options that make no sense, `unreachable` for a target that cannot be
 *   sent to, `not-found` or `unsupported` for a source or encoder that cannot be opened, `in-use` for a port that is taken;
 *   the signal's reason if it was aborted before all was open
 */
export async function share(options: ShareOptions = {}): Promise<Share> {
  const session = new ShareSession(options);
  try {
    await session.open();
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

class ShareSession implements Share {
  private readonly options: ShareOptions;
  private readonly plan: SharePlan;
  private readonly outputs: ShareOutput[] = [];
  private readonly shared: SharedStream[] = [];
  /** Of the first stream, which is the one that targets are sent; undefined: no stills. */
  private readonly stills: StillStore | undefined;
  /** Of the first stream as well. */
  private readonly pointer = new PointerState();
  private readonly encodedBytes = new RateMeter();
  private shareLink: ShareLink | undefined;
  private sdpWritten = false;
  /** Of the target that the session description tells of. */
  private describedKey: SrtpMasterKey | undefined;
  private statisticsTimer: NodeJS.Timeout | undefined;
  private opening: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private announceEnd: (end: ShareEnd) => void = () => {};
  readonly ended: Promise<ShareEnd>;

  constructor(options: ShareOptions) {
    this.options = options;
    this.plan = sharePlan(options);
    this.stills = this.createStills();
    this.ended = new Promise((resolve) => {
      this.announceEnd = resolve;
    });
  }

  get source(): SourceInfo {
    return this.shared[0]!.source;
  }

  get streams(): readonly StreamInfo[] {
    const { name } = this.options;
    return this.shared.map(({ id, source }) => {
      const ofSeveral = name === undefined ? source.name : `${name}: ${source.name}`;
      return { id, name: this.shared.length > 1 ? ofSeveral : (name ?? source.name), source };
    });
  }

  get targets(): readonly ShareTarget[] {
    return this.outputs.map(({ target }) => target);
  }

  get link(): LinkInfo | undefined {
    return this.shareLink?.info;
  }

  open(): Promise<void> {
    this.opening = this.begin();
    return this.opening;
  }

  statistics(): ShareStatistics {
    const seconds = this.shared.flatMap(({ lastSecond }) => lastSecond ?? []);
    return {
      captureFps: sum(seconds.map(({ framesCaptured }) => framesCaptured)),
      encodedFps: sum(seconds.map(({ framesEncoded }) => framesEncoded)),
      encodedBitrateBps: Math.round(this.encodedBytes.perSecond(now()) * 8),
      framesDropped: sum(this.shared.map(({ framesDropped }) => framesDropped)),
      encodeMs: Math.max(0, ...seconds.map(({ convert, encode }) => convert.p50Ms + encode.p50Ms)),
      streams: this.shared.map(({ id, picture: { width, height, fps } }) => ({
        stream: id,
        width,
        height,
        maxFps: fps,
      })),
      targets: this.outputs.map((output) => output.statistics()),
      viewers: this.shareLink?.viewerStatistics() ?? [],
    };
  }

  async close(): Promise<void> {
    await this.end({ reason: "closed" });
  }

  private async begin(): Promise<void> {
    const { signal } = this.options;
    signal?.throwIfAborted();
    await this.openOutputs();
    await this.openStreams();
    if (this.plan.link !== undefined) await this.openLink(this.plan.link);
    signal?.throwIfAborted();
    for (const output of this.outputs) output.carry(this.shared[0]!);
    for (const stream of this.shared) this.announceStart(stream);
    if (this.link !== undefined) this.emit({ kind: "link", ...this.link });
    this.statisticsTimer = setInterval(() => this.emitStatistics(), STATISTICS_INTERVAL_MS);
    signal?.addEventListener("abort", () => void this.close(), { once: true });
  }

  private async openOutputs(): Promise<void> {
    const { codec, bitrateBps, screenBitrateBps, destinations } = this.plan;
    const { ttl } = this.options;
    const handlers = { event: (event: ShareEvent) => this.emit(event) };
    const nextKey = await this.targetKeys();
    for (const destination of destinations) {
      this.outputs.push(
        destination.protocol === "jpeg"
          ? await JpegDatagramOutput.open({ destination, bitrateBps }, handlers)
          : await RtpOutput.open(
              {
                destination,
                codec,
                bitrateBps,
                ...(codec === "h264" && { followedBitrateBps: screenBitrateBps }),
                ...nextKey?.(),
                ...(this.stills && { stills: { store: this.stills, pointer: this.pointer } }),
                ...(ttl !== undefined && { multicastTtl: ttl }),
                ...(this.options.interface !== undefined && { interface: this.options.interface }),
              },
              handlers,
            ),
      );
    }
  }

  private async targetKeys(): Promise<(() => TargetKey) | undefined> {
    const { key, sdpFile } = this.options;
    if (key === undefined || this.plan.destinations.length === 0) return undefined;
    const next = await targetKeys(key, { forOthers: sdpFile !== undefined });
    return () => {
      const target = next();
      this.describedKey ??= target.master;
      return target;
    };
  }

  private async openStreams(): Promise<void> {
    const { sources } = this.plan;
    if (sources.length === 0) {
      this.shared.push(await this.openFirst(sourceCandidates(undefined)));
      return;
    }
    const ids = streamIds(sources);
    for (const [index, source] of sources.entries()) this.shared.push(await this.openStream(ids[index]!, source));
  }

  /** Opens the first candidate source that works. */
  private async openFirst(candidates: readonly string[]): Promise<SharedStream> {
    for (const [index, source] of candidates.entries()) {
      try {
        return await this.openStream(streamIds([source])[0]!, source);
      } catch (error) {
        if (!(error instanceof SightlineError) || index === candidates.length - 1) throw error;
        this.emit({ kind: "warning", message: `${error.message}; trying ${candidates[index + 1]} instead` });
      }
    }
    throw new SightlineError("not-found", "there is nothing to share");
  }

  private createStills(): StillStore | undefined {
    return (this.options.still ?? true) && this.options.profile !== "camera" ? new StillStore() : undefined;
  }

  private openStream(id: string, source: string): Promise<SharedStream> {
    const isFirst = this.shared.length === 0;
    const stills = isFirst ? this.stills : this.createStills();
    const { fps, bitrateBps, encodings } = this.plan;
    const { size, loop, pointer = "stream", degradation } = this.options;
    return SharedStream.open(
      {
        id,
        request: {
          source,
          fps,
          ...(size && { size }),
          ...(loop !== undefined && { loop }),
          pointer,
        },
        encodings,
        initial: initialEncodings(this.plan),
        startBps: startBitrate(bitrateBps),
        cameraBps: bitrateBps,
        ...(degradation && { degradation }),
        ...(stills && { stills }),
        ...(isFirst && { pointer: this.pointer }),
      },
      {
        frame: (encoding, frame) => this.handleFrame(encoding, frame),
        changed: () => this.shareLink?.changed(),
        restarted: (reason) => this.emit({ kind: "encoder-restarted", reason }),
        warning: (message) => this.emit({ kind: "warning", message }),
        ended: (error) => void this.endStream(error),
      },
    );
  }

  private async openLink(link: SharePlan["link"] & object): Promise<void> {
    const names = this.streams;
    this.shareLink = await ShareLink.open({
      link,
      streams: this.shared.map((stream, index) => ({ stream, name: names[index]!.name })),
      bitrateBps: this.plan.screenBitrateBps,
      onEvent: (event) => this.emit(event),
      statistics: () => this.statistics(),
    });
  }

  private announceStart(stream: SharedStream): void {
    const { encoderName, width, height } = stream.mainEncoding;
    const targets = stream === this.shared[0] ? this.targets : [];
    this.emit({
      kind: "started",
      stream: stream.id,
      source: stream.source,
      encoder: encoderName,
      width,
      height,
      targets,
    });
  }

  private handleFrame(encoding: EncodingId, frame: EncodedFrame): void {
    this.encodedBytes.add(now(), frame.data.length);
    const isForTargets = encoding === "main-420" || encoding === "jpeg";
    if (!this.sdpWritten && frame.keyframe && isForTargets) this.writeSdp(frame);
  }

  /** Waits for the first keyframe, because its parameter sets belong into the description. */
  private writeSdp(keyframe: EncodedFrame): void {
    this.sdpWritten = true;
    const { sdpFile } = this.options;
    const target = this.targets.find(({ protocol }) => protocol === "rtp");
    if (sdpFile === undefined || !target) return;
    const description = describeRtpTarget(target, keyframe, this.source.name, this.describedKey);
    // With a key in it, it is nobody else's to read.
    writeFile(sdpFile, description, { mode: this.describedKey ? 0o600 : 0o666 }).catch((cause) =>
      this.end({
        reason: "failed",
        error: { code: "invalid-argument", message: `cannot write ${sdpFile}: ${(cause as Error).message}` },
      }),
    );
  }

  private emitStatistics(): void {
    this.emit({ kind: "statistics", ...this.statistics() });
  }

  private emit(event: ShareEvent): void {
    this.options.onEvent?.(event);
  }

  /** One stream's end is the end of all: what is left would no longer be what was asked for. */
  private endStream(error: SightlineError | undefined): Promise<void> {
    return this.end(
      error ? { reason: "failed", error: { code: error.code, message: error.message } } : { reason: "source-ended" },
    );
  }

  private end(end: ShareEnd): Promise<void> {
    this.closing ??= this.finish(end);
    return this.closing;
  }

  private async finish(end: ShareEnd): Promise<void> {
    await this.opening?.catch(() => {}); // what it opens meanwhile is to be closed as well
    clearInterval(this.statisticsTimer);
    await this.shareLink?.close();
    await Promise.all(this.outputs.map((output) => output.close()));
    await Promise.all(this.shared.map((stream) => stream.close()));
    if (this.shared.length > 0) this.emit({ kind: "ended", ...end });
    this.announceEnd(end);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
