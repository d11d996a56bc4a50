import {
  type EncodedFrame,
  later,
  type Micros,
  micros,
  millis,
  type Rng,
  RtpSender,
  SeededRng,
  type SenderEvent,
  type SenderInput,
  type SenderOutput,
  type SenderStatistics,
} from "sightline/core";
import type { VirtualTime } from "../virtual-time.js";
import { type Mechanisms, START_BITRATE_BPS, senderOptions } from "./session-options.js";
import { SimulatedEndpoint } from "./simulated-endpoint.js";
import { frameBytes, type SourceModel } from "./sources.js";
import { TestFrames } from "./test-frames.js";

/** How long an encoder takes for a keyframe that is asked for while nothing changes. */
const ENCODING_TIME = millis(5);
/** A source that follows the target takes no picture while more than this is to be sent … */
const HOLD_BACKLOG = millis(25);
/** … until no more than this is left. */
const RESUME_BACKLOG = millis(5);

/** What a {@link SimulatedSender} is made from. */
export interface SimulatedSenderOptions {
  readonly seed: number;
  readonly source: SourceModel;
  readonly transmit: (datagram: Uint8Array) => void;
  /** Repairs go on a stream of their own (RFC 4588). */
  readonly rtx: boolean;
  readonly mechanisms: Mechanisms;
}

/** A capture, an encoder and an `RtpSender`. */
export class SimulatedSender {
  /** Every frame that was captured. */
  readonly frames: EncodedFrame[] = [];
  readonly events: SenderEvent[] = [];
  /** For those who want to look inside. */
  readonly sender: RtpSender;
  private readonly time: VirtualTime;
  private readonly source: SourceModel;
  private readonly content: TestFrames;
  private readonly rng: Rng;
  private readonly endpoint: SimulatedEndpoint<SenderInput, Exclude<SenderOutput, { kind: "timeout" }>>;
  private targetBps = START_BITRATE_BPS;
  private keyframeWanted = true;
  private readonly stillFrom: Micros;
  private isHeld = false;
  private isStopped = false;

  constructor(time: VirtualTime, { seed, source, transmit, rtx, mechanisms }: SimulatedSenderOptions) {
    this.time = time;
    this.source = source;
    this.content = new TestFrames(seed);
    this.rng = new SeededRng(seed + 1);
    this.stillFrom = later(time.now, millis(source.stillFromMs ?? Number.POSITIVE_INFINITY));
    this.sender = new RtpSender(senderOptions({ seed, rtx, mechanisms }));
    this.endpoint = new SimulatedEndpoint(time, this.sender, (output) => {
      if (this.isStopped) return;
      if (output.kind === "transmit") transmit(output.datagram);
      else this.onEvent(output.event);
    });
    this.captureNext();
  }

  /** A datagram came back from the viewer. */
  receive(datagram: Uint8Array): void {
    if (!this.isStopped) this.endpoint.input({ kind: "datagram", datagram });
  }

  /** Ends with a goodbye, or as a process that is killed. */
  stop(how: "goodbye" | "crash"): void {
    if (how === "goodbye") this.endpoint.input({ kind: "close" });
    this.isStopped = true;
  }

  /** What the `RtpSender` did so far. */
  stats(): SenderStatistics {
    return this.sender.stats(this.time.now);
  }

  private captureNext(): void {
    if (this.isStopped || this.time.now >= this.stillFrom) return;
    if (!this.isBehind()) this.capture();
    this.time.schedule(later(this.time.now, micros(Math.round(1_000_000 / this.source.fps))), () => this.captureNext());
  }

  private isBehind(): boolean {
    if (this.source.kind === "constant") return false;
    const backlog = this.sender.backlog(this.time.now);
    this.isHeld = backlog > (this.isHeld ? RESUME_BACKLOG : HOLD_BACKLOG);
    return this.isHeld;
  }

  private capture(): void {
    if (this.isStopped) return;
    const keyframe = this.keyframeWanted;
    this.keyframeWanted = false;
    const { source, rng, targetBps } = this;
    const size = frameBytes(source, { index: this.frames.length, keyframe, targetBps, rng });
    const frame = this.content.make({ captureTime: this.time.now, keyframe, size });
    this.frames.push(frame);
    this.endpoint.input({ kind: "frame", frame });
  }

  private onEvent(event: SenderEvent): void {
    this.events.push(event);
    if (event.kind === "target-bitrate") this.targetBps = event.bitrateBps;
    if (event.kind !== "keyframe-requested") return;
    this.keyframeWanted = true;
    const soon = later(this.time.now, ENCODING_TIME);
    if (soon >= this.stillFrom) this.time.schedule(soon, () => this.capture());
  }
}
