import {
  DEFAULT_EXTENSION_MAP,
  type EncodedFrame,
  later,
  type Micros,
  micros,
  millis,
  RtpSender,
  SeededRng,
  type SenderEvent,
  type SenderInput,
  type SenderOutput,
  type SenderStatistics,
} from "sightline/core";
import type { VirtualTime } from "../virtual-time.js";
import { SimulatedEndpoint } from "./simulated-endpoint.js";
import { TestFrames } from "./test-frames.js";

/** What a sender captures. */
export interface SourceModel {
  readonly fps: number;
  readonly frameBytes: number;
  readonly keyframeBytes: number;
  /** From then on nothing changes: no frames but those that are asked for. */
  readonly stillFromMs?: number;
}

/** How long an encoder takes for a keyframe that is asked for while nothing changes. */
const ENCODING_TIME = millis(5);

/** What a {@link SimulatedSender} is made from. */
export interface SimulatedSenderOptions {
  readonly seed: number;
  readonly source: SourceModel;
  readonly transmit: (datagram: Uint8Array) => void;
  /** Repairs go on a stream of their own (RFC 4588). */
  readonly rtx: boolean;
}

/** A capture, an encoder and an `RtpSender`. */
export class SimulatedSender {
  /** Every frame that was captured. */
  readonly frames: EncodedFrame[] = [];
  readonly events: SenderEvent[] = [];
  private readonly time: VirtualTime;
  private readonly source: SourceModel;
  private readonly content: TestFrames;
  private readonly sender: RtpSender;
  private readonly endpoint: SimulatedEndpoint<SenderInput, Exclude<SenderOutput, { kind: "timeout" }>>;
  private keyframeWanted = true;
  private readonly stillFrom: Micros;
  private isStopped = false;

  constructor(time: VirtualTime, { seed, source, transmit, rtx }: SimulatedSenderOptions) {
    this.time = time;
    this.source = source;
    this.content = new TestFrames(seed);
    this.stillFrom = later(time.now, millis(source.stillFromMs ?? Number.POSITIVE_INFINITY));
    const rng = new SeededRng(seed);
    this.sender = new RtpSender({
      codec: "h264",
      ssrc: rng.uint32(),
      rtxSsrc: rng.uint32(),
      payloadType: 96,
      ...(rtx && { rtxPayloadType: 97 }),
      extensions: DEFAULT_EXTENSION_MAP,
      cname: `sender-${seed}`,
      rng,
      bitrateBps: 8e6,
    });
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

  stats(): SenderStatistics {
    return this.sender.stats(this.time.now);
  }

  private captureNext(): void {
    if (this.isStopped || this.time.now >= this.stillFrom) return;
    this.capture();
    this.time.schedule(later(this.time.now, micros(Math.round(1_000_000 / this.source.fps))), () => this.captureNext());
  }

  private capture(): void {
    if (this.isStopped) return;
    const keyframe = this.keyframeWanted;
    this.keyframeWanted = false;
    const size = keyframe ? this.source.keyframeBytes : this.source.frameBytes;
    const frame = this.content.make({ captureTime: this.time.now, keyframe, size });
    this.frames.push(frame);
    this.endpoint.input({ kind: "frame", frame });
  }

  private onEvent(event: SenderEvent): void {
    this.events.push(event);
    if (event.kind !== "keyframe-requested") return;
    this.keyframeWanted = true;
    const soon = later(this.time.now, ENCODING_TIME);
    if (soon >= this.stillFrom) this.time.schedule(soon, () => this.capture());
  }
}
