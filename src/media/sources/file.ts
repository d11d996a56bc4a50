import { basename } from "node:path";
import { type Frame, Packet } from "node-av/lib";
import { now } from "../../clock/index.js";
import { type ErrorCode, micros, NEVER, SightlineError } from "../../core/index.js";
import { FrameAdopter } from "../native/frame-adopter.js";
import { describe } from "../native/library.js";
import { type StreamInput, StreamReader } from "../native/stream-reader.js";
import { FrameClock } from "./frame-clock.js";
import { LiveSource } from "./live-source.js";
import type { CapturedPicture, SourceInfo, SourceOptions, VideoSource } from "./source.js";

/** Addresses of streams that do not wait for their reader. */
const LIVE_URL = /^(rtsps?|rtmps?|rtp|udp|srt|tcp):/i;
const URL_SCHEME = /^[a-z][a-z0-9+.-]+:\/\//i;
/** Opening and every read of a network stream, in µs. */
const NETWORK_TIMEOUT = "10000000";
/** Demuxers of single pictures. */
const STILL_FORMAT = /(^|,)(image2|\w+_pipe)(,|$)/;
/** FFmpeg draws any text file as a terminal would; nobody means that. */
const NOT_VIDEO_FORMAT = "tty";
/** So far behind its timestamps a file plays on from now instead of hurrying. */
const MAX_LAG = 500_000;
/** A picture that comes a little early for the wanted rate still counts. */
const EARLY_SHARE = 0.75;

/**
 * Opens a file or URL: files are played in real time by their timestamps, live streams taken as they come, single pictures
 * shown once and kept.
 *
 * @throws SightlineError `not-found`, `unreachable`, or `invalid-data` when there is no video in it
 */
export async function openFile(url: string, options: SourceOptions): Promise<VideoSource> {
  const isLive = LIVE_URL.test(url);
  const name = URL_SCHEME.test(url) ? url : basename(url);
  const input: StreamInput = { url, isLive, options: inputOptions(url, isLive) };
  const reader = await openReader(input, url);
  const { width, height, formatName } = reader;
  if (formatName === NOT_VIDEO_FORMAT) {
    await reader.close();
    throw new SightlineError("invalid-data", `${url} cannot be shared: it holds no video`);
  }
  const fps = reader.fps > 0 ? Math.min(options.fps, reader.fps) : options.fps;
  const content = STILL_FORMAT.test(formatName) ? "screen" : "camera";
  const info: SourceInfo = { kind: "file", name, width, height, fps, content };
  if (isLive) return new LiveSource(reader, info);
  return new FileSource({ reader, info, reopen: () => openReader(input, url), loop: options.loop ?? false });
}

function inputOptions(url: string, isLive: boolean): Record<string, string> {
  if (!isLive) return URL_SCHEME.test(url) ? { rw_timeout: NETWORK_TIMEOUT } : {};
  const lowDelay = { fflags: "nobuffer", max_delay: "0", analyzeduration: "1000000" };
  // Over UDP loss shows as damage; TCP is what cameras support most widely.
  if (/^rtsps?:/i.test(url)) return { ...lowDelay, rtsp_transport: "tcp", timeout: NETWORK_TIMEOUT };
  return lowDelay;
}

async function openReader(input: StreamInput, url: string): Promise<StreamReader> {
  let reader: StreamReader | number;
  try {
    reader = await StreamReader.open(input);
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    throw new SightlineError(error.code, `${url} cannot be shared: ${error.message}`, { cause: error });
  }
  if (typeof reader !== "number") return reader;
  const reason = describe(reader);
  throw new SightlineError(errorCode(reason, url), `${url} cannot be opened: ${reason}`);
}

function errorCode(reason: string, url: string): ErrorCode {
  if (reason.startsWith("Invalid data")) return "invalid-data";
  return URL_SCHEME.test(url) ? "unreachable" : "not-found";
}

interface FileSourceSettings {
  readonly reader: StreamReader;
  readonly info: SourceInfo;
  readonly reopen: () => Promise<StreamReader>;
  readonly loop: boolean;
}

class FileSource implements VideoSource {
  readonly info: SourceInfo;
  private readonly settings: FileSourceSettings;
  private readonly clock: FrameClock;
  private readonly adopter = new FrameAdopter();
  private readonly packet = new Packet();
  private readonly isStill: boolean;
  private readonly minInterval: number;
  private reader: StreamReader;
  /** The clock's time for the stream's time 0. */
  private origin: number | undefined;
  private lastDue = 0;
  private isAtEnd = false;
  private isClosed = false;

  constructor(settings: FileSourceSettings) {
    this.settings = settings;
    this.reader = settings.reader;
    this.info = settings.info;
    this.clock = new FrameClock(this.info.fps);
    this.minInterval = (EARLY_SHARE * 1_000_000) / this.info.fps;
    this.isStill = STILL_FORMAT.test(this.reader.formatName);
    this.packet.alloc();
  }

  async next(): Promise<CapturedPicture | undefined> {
    if (this.isStill && this.lastDue > 0) await this.clock.waitUntil(NEVER);
    for (;;) {
      const frame = this.isClosed ? undefined : await this.readFrame();
      if (frame === undefined || this.isClosed) return undefined;
      const due = this.dueTime(frame);
      if (due - this.lastDue < this.minInterval) continue;
      this.lastDue = due;
      const picture = this.adopter.adopt(frame);
      await this.clock.waitUntil(micros(due));
      return this.isClosed ? undefined : { picture, changed: "all", captureTime: now() };
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.clock.close();
    await this.reader.close();
    this.adopter.close();
  }

  private dueTime(frame: Frame): number {
    const time = now();
    const interval = 1_000_000 / this.info.fps;
    const streamTime = this.reader.timeOf(frame);
    if (streamTime === undefined) return Math.max(time, this.lastDue + interval);
    this.origin ??= Math.max(time, this.lastDue + interval) - streamTime;
    if (this.origin + streamTime < time - MAX_LAG) this.origin = time - streamTime;
    return this.origin + streamTime;
  }

  /** The next picture; at the end the first one again if the file loops. */
  private async readFrame(): Promise<Frame | undefined> {
    let isFreshStart = false;
    for (;;) {
      const frame = this.reader.receive();
      if (frame !== undefined) return frame;
      if (this.isAtEnd) {
        // A file in which nothing can be decoded would loop for ever.
        if (!this.settings.loop || isFreshStart || this.isClosed) return undefined;
        isFreshStart = true;
        await this.startOver();
      }
      if (await this.reader.readPacket(this.packet)) {
        this.reader.send(this.packet);
      } else {
        this.isAtEnd = true;
        this.reader.send(null);
      }
    }
  }

  private async startOver(): Promise<void> {
    this.isAtEnd = false;
    this.origin = undefined;
    if (this.reader.rewind()) return;
    await this.reader.close();
    this.reader = await this.settings.reopen();
  }
}
