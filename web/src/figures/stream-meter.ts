import type { WhepSession } from "../whep.js";
import { type Figures, FiguresMeter, readCounters, type StatsEntry } from "./figures.js";
import { type CaptureStamp, glassToGlassMs } from "./glass-to-glass.js";
import { LatencyHistory, type LatencyPoint } from "./latency-history.js";
import { SenderClock } from "./sender-clock.js";

/** What is measured of one stream at one moment. */
export interface Reading {
  /** Of the newest frames that were shown, in ms; undefined while it cannot be known. */
  readonly latencyMs: number | undefined;
  /** The latency may be off by this much either way, in ms. */
  readonly uncertaintyMs: number;
  /** Median latencies of the last minute, oldest first. */
  readonly points: readonly LatencyPoint[];
  /** The moment, by the clock of {@link points}. */
  readonly now: number;
  /** Undefined until a second has passed. */
  readonly figures: Figures | undefined;
}

/** Measures one session: every frame that is shown, and the browser's counters whenever {@link read} is called. */
export class StreamMeter {
  private readonly session: WhepSession;
  private readonly clock = new SenderClock();
  private readonly meter = new FiguresMeter();
  private readonly history = new LatencyHistory();

  /** @param session - whose frames are shown */
  constructor(session: WhepSession) {
    this.session = session;
  }

  /** Takes what the browser tells of a frame that it puts on the screen. */
  frameShown(frame: VideoFrameCallbackMetadata): void {
    const { captureTime, rtpTimestamp } = frame;
    // Not expectedDisplayTime: without a real display it lies up to 17 ms after what a program that reads the screen sees.
    const displayedAt = performance.timeOrigin + performance.now();
    const capturedAt = captureTime === undefined ? undefined : performance.timeOrigin + captureTime;
    const latency = glassToGlassMs({ displayedAt, rtpTimestamp, capturedAt }, this.stamp(), this.clock.offset);
    if (latency !== undefined) this.history.add(performance.now(), latency);
  }

  /** Reads the browser's counters and tells what is known now. */
  async read(): Promise<Reading> {
    const report = await this.session.connection.getStats();
    const entries = [...report.values()] as StatsEntry[];
    this.takeSenderReport(entries);
    const counters = readCounters(entries, this.session.receiver.track.id);
    const now = performance.now();
    const points = this.history.points(now);
    return {
      latencyMs: points.at(-1)?.latencyMs,
      uncertaintyMs: this.clock.offset?.uncertaintyMs ?? 0,
      points,
      now,
      figures: counters && this.meter.update(counters),
    };
  }

  private takeSenderReport(entries: readonly StatsEntry[]): void {
    const report = entries.find(({ type, kind }) => type === "remote-outbound-rtp" && kind === "video");
    const pair = entries.find(({ type, nominated }) => type === "candidate-pair" && nominated === true);
    const [sentAt, receivedAt] = [report?.["remoteTimestamp"], report?.["timestamp"]];
    const roundTrips = [report?.["roundTripTime"], pair?.["currentRoundTripTime"]].filter(
      (time) => typeof time === "number",
    );
    if (typeof sentAt !== "number" || typeof receivedAt !== "number" || roundTrips.length === 0) return;
    this.clock.add({ sentAt, receivedAt, roundTripMs: Math.min(...roundTrips) * 1_000 });
  }

  private stamp(): CaptureStamp | undefined {
    const source: Partial<CaptureStamp> | undefined = this.session.receiver.getSynchronizationSources()[0];
    return source?.captureTimestamp === undefined ? undefined : (source as CaptureStamp);
  }
}
