import type { Arrival } from "../../../lab/traffic/tcp-flow.js";
import type { VirtualTime } from "../../../lab/virtual-time.js";
import {
  type CongestionController,
  type CongestionDecision,
  type CongestionOptions,
  createCongestionController,
  createPacer,
  earliest,
  elapsed,
  later,
  type Micros,
  micros,
  millis,
  NEVER,
  type PacedPacket,
  type Pacer,
  parseRtcp,
  SeededRng,
  sequenceNumber,
  serializeRtcp,
} from "../../../src/core/index.js";
import { FeedbackRecorder } from "../../../src/core/session/feedback-recorder.js";
import { Prober } from "../../../src/core/session/prober.js";
import { nextFrame, type SourceModel } from "./sources.js";

/** Bytes of a full packet, and of one that carries nothing but padding. */
const PACKET_BYTES = 1_230;
/** The receiver's clock is another one. */
const CLOCK_OFFSET = 123_456_789;
/** Pictures that would wait longer than this in the pacer are not taken. */
const MAX_PACER_WAIT_SECONDS = 0.05;
const REPORT_BYTES = 80;
const REPORT_INTERVAL = millis(500);

interface Packet extends PacedPacket {
  readonly frame: FrameRecord | undefined;
}

/** What became of a frame. */
export interface FrameRecord {
  readonly capturedAt: Micros;
  readonly packets: number;
  arrivedPackets: number;
  completeAt: Micros | undefined;
}

/** A sender and a receiver as congestion control sees them: frames, pacer, prober, feedback; no RTP and no repair. */
export interface MediaFlowOptions {
  readonly name: string;
  readonly seed: number;
  readonly source: SourceModel;
  readonly congestion: CongestionOptions;
  /** What the receiver tells. */
  readonly feedback: "transport" | "reports" | "none";
  readonly forward: (sizeBytes: number) => readonly Micros[];
  readonly backward: (sizeBytes: number) => readonly Micros[];
}

/** See {@link MediaFlowOptions}. */
export class MediaFlow {
  readonly name: string;
  readonly frames: FrameRecord[] = [];
  readonly arrivals: Arrival[] = [];
  readonly decisions: { readonly at: Micros; readonly targetBps: number }[] = [];
  sentPackets = 0;
  paddingBytes = 0;
  private readonly time: VirtualTime;
  private readonly options: MediaFlowOptions;
  private readonly controller: CongestionController;
  private readonly pacer: Pacer<Packet>;
  private readonly prober = new Prober();
  private readonly recorder = new FeedbackRecorder();
  private readonly rng: SeededRng;
  private decision: CongestionDecision;
  private sequence = 0;
  private captured = 0;
  private armedFor: Micros = NEVER;
  private reported = { sent: 0, received: 0 };
  private roundTrip: Micros | undefined;

  constructor(time: VirtualTime, options: MediaFlowOptions) {
    this.time = time;
    this.name = options.name;
    this.options = options;
    this.rng = new SeededRng(options.seed);
    this.controller = createCongestionController(options.congestion);
    this.decision = this.controller.decision(time.now);
    this.pacer = createPacer({ kind: "token-bucket", rateBps: this.decision.pacingRateBps });
    this.capture();
    if (options.feedback !== "none") time.schedule(later(time.now, REPORT_INTERVAL), () => this.report());
  }

  /** What the controller knows. */
  stats() {
    return this.controller.stats();
  }

  private capture(): void {
    const { source } = this.options;
    const { now } = this.time;
    this.time.schedule(later(now, micros(Math.round(1_000_000 / source.fps))), () => this.capture());
    const { queuedBytes } = this.pacer.stats();
    if ((queuedBytes * 8) / this.decision.pacingRateBps > MAX_PACER_WAIT_SECONDS) return;
    const frame = nextFrame(source, { index: this.captured, rng: this.rng, targetBps: this.decision.targetBitrateBps });
    this.captured += 1;
    const packets = Math.max(Math.ceil(frame.bytes / PACKET_BYTES), 1);
    const record: FrameRecord = { capturedAt: now, packets, arrivedPackets: 0, completeAt: undefined };
    this.frames.push(record);
    for (let i = 0; i < packets; i++) {
      const sizeBytes = Math.min(frame.bytes - i * PACKET_BYTES, PACKET_BYTES);
      this.pacer.enqueue(now, { pacing: "media", sizeBytes, frame: record });
    }
    this.drain();
  }

  private drain(): void {
    const { now } = this.time;
    for (let due = this.pacer.poll(now); due !== undefined; due = this.pacer.poll(now)) this.send(due);
    if (this.pacer.nextTimeout() === NEVER) {
      for (let due = this.prober.paddingDue(now); due > 0; due -= PACKET_BYTES) {
        this.paddingBytes += PACKET_BYTES;
        this.send({ pacing: "media", sizeBytes: PACKET_BYTES, frame: undefined });
      }
    }
    this.follow();
    this.arm(earliest(earliest(this.pacer.nextTimeout(), this.prober.nextTimeout(now)), this.decision.validUntil));
  }

  private send({ sizeBytes, frame }: Packet): void {
    const { now } = this.time;
    const transportSequenceNumber = sequenceNumber(this.sequence++);
    const probeId = this.prober.onSent(sizeBytes);
    this.controller.onPacketSent(now, {
      transportSequenceNumber,
      sizeBytes,
      ...(probeId !== undefined && { probeId }),
    });
    this.sentPackets += 1;
    for (const at of this.options.forward(sizeBytes)) {
      this.time.schedule(at, () => {
        this.arrivals.push({ sentAt: now, at: this.time.now, sizeBytes });
        if (frame !== undefined && ++frame.arrivedPackets === frame.packets) frame.completeAt = this.time.now;
        if (this.options.feedback !== "transport") return;
        const clock = later(this.time.now, micros(CLOCK_OFFSET));
        this.recorder.record(clock, clock, transportSequenceNumber);
        this.scheduleFeedback();
      });
    }
  }

  private scheduleFeedback(): void {
    const due = later(this.recorder.nextTimeout(), micros(-CLOCK_OFFSET));
    if (due === NEVER) return;
    this.time.schedule(due, () => {
      const clock = later(this.time.now, micros(CLOCK_OFFSET));
      const message = this.recorder.poll(clock, { senderSsrc: 2, mediaSsrc: 1 });
      if (message === undefined) return;
      const datagram = serializeRtcp([message]);
      for (const at of this.options.backward(datagram.length)) {
        this.time.schedule(at, () => {
          for (const packet of parseRtcp(datagram) ?? []) {
            if (packet.kind === "transport-feedback") this.controller.onTransportFeedback(this.time.now, packet);
          }
          this.drain();
        });
      }
    });
  }

  private report(): void {
    this.time.schedule(later(this.time.now, REPORT_INTERVAL), () => this.report());
    const sent = this.sentPackets - this.reported.sent;
    const received = this.arrivals.length - this.reported.received;
    this.reported = { sent: this.sentPackets, received: this.arrivals.length };
    const last = this.arrivals.at(-1);
    const fractionLost = sent === 0 ? 0 : Math.min(Math.max(1 - received / sent, 0), 1);
    const reportedAt = this.time.now;
    for (const at of this.options.backward(REPORT_BYTES)) {
      this.time.schedule(at, () => {
        const { now } = this.time;
        const sample = last === undefined ? undefined : elapsed(last.sentAt, last.at) + elapsed(reportedAt, now);
        if (sample !== undefined) this.roundTrip = micros(sample * 0.25 + (this.roundTrip ?? sample) * 0.75);
        this.controller.onReceiverReport(now, { fractionLost, roundTrip: this.roundTrip });
        this.drain();
      });
    }
  }

  private follow(): void {
    const { now } = this.time;
    const decision = this.controller.decision(now);
    this.prober.follow(now, decision.probe);
    this.pacer.setRate(Math.max(decision.pacingRateBps, this.prober.rateBps));
    if (decision.targetBitrateBps !== this.decision.targetBitrateBps || this.decisions.length === 0) {
      this.decisions.push({ at: now, targetBps: decision.targetBitrateBps });
    }
    this.decision = decision;
  }

  private arm(at: Micros): void {
    if (at >= this.armedFor || at === NEVER) return;
    this.armedFor = at;
    this.time.schedule(later(at, micros(500)), () => {
      if (this.armedFor !== at) return;
      this.armedFor = NEVER;
      this.drain();
    });
  }
}
