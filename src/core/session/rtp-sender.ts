import { createCongestionController } from "../congestion/index.js";
import type { EncodedFrame } from "../frame.js";
import { createPacer, type PacedPacket, type Pacer } from "../pacer/index.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "../rtcp/index.js";
import { isRtcp, type RtpPacket, type RtpTimestamp } from "../rtp/index.js";
import type { SenderStatistics } from "../statistics/index.js";
import { earliest, type Micros, millis, NEVER } from "../time.js";
import { MediaPackets } from "./media-packets.js";
import { OverrunWatch } from "./overrun-watch.js";
import { PacketWriter } from "./packet-writer.js";
import { type ReceiverCapabilities, statedCapabilities } from "./receiver-capabilities.js";
import { ReceiverRoster } from "./receiver-roster.js";
import { Retransmitter } from "./retransmitter.js";
import { SenderFeedback } from "./sender-feedback.js";
import { SenderProtection } from "./sender-protection.js";
import { SenderRate } from "./sender-rate.js";
import { SenderReports } from "./sender-reports.js";
import { SenderStills, type StillOutput } from "./sender-stills.js";
import type { RtpSenderOptions, SenderInput, SenderOutput } from "./sender-types.js";
import { SentCounters, type SentPurpose } from "./sent-counters.js";
import { TailProbe } from "./tail-probe.js";
import { TimerTable } from "./timers.js";

const DEFAULT_MAX_PAYLOAD_SIZE = 1_200;
/** Before a round trip was measured. */
const ASSUMED_ROUND_TRIP = millis(50);
/** Receivers of whom it is remembered what they understand; a path has one, and they may come and go. */
const MAX_CAPABLE_RECEIVERS = 64;
const TIMERS = ["report", "tail-probe", "roster", "decision"] as const;

interface OutgoingPacket extends PacedPacket {
  readonly packet: RtpPacket;
}

/**
 * Sends one video stream to one address, unicast or multicast: packetizes, paces, repairs on request, reports, and passes
 * on what receivers want of the encoder. A pure state machine: it does no I/O and is told the time.
 *
 * The drain rule: after the constructor and after every {@link handleInput}, call {@link pollOutput} until it returns a
 * `timeout`; call `handleInput` with `timeout` no later than that says. A drained sender's timeout lies after `now`.
 * Calling early, or more often, does no harm. Time must not run back.
 */
export class RtpSender {
  private readonly options: RtpSenderOptions;
  private readonly media: MediaPackets;
  private readonly retransmitter: Retransmitter;
  private readonly pacer: Pacer<OutgoingPacket>;
  private readonly rate: SenderRate;
  private readonly counters = new SentCounters();
  private readonly writer: PacketWriter;
  private readonly protection: SenderProtection | undefined;
  private readonly stills: SenderStills | undefined;
  /** What each receiver has said that it understands. */
  private readonly capabilities = new Map<number, ReceiverCapabilities>();
  private readonly overrun = new OverrunWatch();
  private readonly reports: SenderReports;
  private readonly feedback: SenderFeedback;
  private readonly roster = new ReceiverRoster();
  private readonly tailProbe = new TailProbe();
  private readonly timers = new TimerTable(TIMERS);
  private readonly outbox: SenderOutput[] = [];
  private state: "idle" | "sending" | "closed" = "idle";
  /** What the frames that come refer to was given up, until the next keyframe. */
  private isBroken = false;
  private rejected = 0;

  constructor(options: RtpSenderOptions) {
    const { bitrateBps, maxPayloadSize = DEFAULT_MAX_PAYLOAD_SIZE, rtxPayloadType, rtxSsrc, rng } = options;
    this.options = options;
    this.media = new MediaPackets({ ...options, maxPayloadSize });
    const rtx = rtxPayloadType === undefined ? undefined : { ssrc: rtxSsrc, payloadType: rtxPayloadType };
    this.retransmitter = new Retransmitter({ rtx, rng });
    this.reports = new SenderReports(options);
    const congestion = createCongestionController(options.congestion ?? { kind: "fixed", bitrateBps });
    const { pacingRateBps } = congestion.stats();
    this.pacer = createPacer(options.pacer ?? { kind: "token-bucket", rateBps: pacingRateBps });
    this.rate = new SenderRate(congestion, this.pacer);
    this.writer = new PacketWriter({ extensions: options.extensions, rate: this.rate, counters: this.counters });
    this.protection = SenderProtection.of(options);
    const timestampAt = (captureTime: Micros) => this.rtpTimestamp(captureTime);
    this.stills = options.stills && new SenderStills(options.stills, { timestampAt, maxPayloadSize, rng });
    this.stills?.setRate(this.rate.targetBitrateBps);
    const { ssrc, fecSsrc } = options;
    const { roster, retransmitter, reports, protection } = this;
    this.feedback = new SenderFeedback({
      ssrc,
      rtxSsrc,
      fecSsrc,
      roster,
      retransmitter,
      reports,
      congestion,
      protection,
    });
  }

  /**
   * Takes in what happened.
   *
   * @throws SightlineError only for a `frame` that its payload format cannot carry, as the packetizer says; nothing of it
   *   is sent then. What comes from the network never throws.
   */
  handleInput(now: Micros, input: SenderInput): void {
    if (this.state === "closed") return;
    switch (input.kind) {
      case "frame":
        this.sendFrame(now, input.frame);
        break;
      case "stills-changed":
        this.sendStills(now, this.stills?.tell(now, input.captureTime));
        break;
      case "pointer-changed":
        this.sendStills(now, this.stills?.tellPointer(now));
        break;
      case "stills-channel":
        this.sendStills(now, this.stills?.onChannel(now, input));
        break;
      case "stills-pause":
        this.stills?.pause(input.on);
        break;
      case "stills-refresh":
        this.sendStills(now, this.stills?.onRefresh(now));
        break;
      case "datagram":
        this.receive(now, input.datagram);
        break;
      case "close":
        this.close(now);
        break;
      case "timeout":
        break; // pollOutput looks at the timers
    }
  }

  /** The next thing to do at `now`; see the drain rule above. */
  pollOutput(now: Micros): SenderOutput {
    this.runTimers(now);
    const output = this.outbox.shift();
    if (output !== undefined) return output;
    const due = this.pacer.poll(now);
    if (due !== undefined) return { kind: "transmit", datagram: this.emit(now, due) };
    const isIdle = this.pacer.nextTimeout() === NEVER;
    const still = this.stills?.poll(now, { isIdle });
    if (still !== undefined) return this.stillOutput(now, still);
    const padding = this.padding(now);
    if (padding !== undefined) return { kind: "transmit", datagram: this.write(now, padding, "other") };
    const stillsDue = this.stills?.nextTimeout(now, { isIdle }) ?? NEVER;
    const sending = earliest(earliest(this.pacer.nextTimeout(), stillsDue), this.rate.nextPadding(now));
    return { kind: "timeout", at: earliest(this.timers.next(), sending) };
  }

  /**
   * How long what waits, here and in a queue on the path, will take to leave: beyond a frame interval, further frames only
   * make it older. Grows with what is sent and, as each event may tell, with what is learnt of the path.
   */
  backlog(now: Micros): Micros {
    return this.rate.backlog(now);
  }

  /** The RTP timestamp that a frame captured at `captureTime` has. */
  rtpTimestamp(captureTime: Micros): RtpTimestamp {
    return this.media.timestampAt(captureTime);
  }

  /** What was done so far. `now` must be given for the rates; reading resets the longest wait. */
  stats(now: Micros): SenderStatistics {
    const { queuedPackets, longestWaitMs } = this.pacer.stats();
    return {
      ...this.counters.stats(now),
      packetsRequested: this.feedback.packetsRequested,
      targetBitrateBps: this.rate.targetBitrateBps,
      keyframesRequested: this.feedback.keyframesRequested,
      pacerQueuePackets: queuedPackets,
      pacerLongestWaitMs: longestWaitMs,
      datagramsRejected: this.rejected,
      receivers: this.roster.qualities(),
    };
  }

  private sendFrame(now: Micros, frame: EncodedFrame): void {
    if (this.isBroken && !frame.keyframe) return;
    this.isBroken = false;
    const packets = this.media.packetize(frame);
    if (this.state === "idle") this.start(now);
    this.sendStills(now, this.stills?.tell(now, frame.captureTime));
    this.counters.addFrame();
    const repairs = this.protection?.protect(now, packets) ?? [];
    for (const packet of [...packets, ...repairs]) this.pacer.enqueue(now, outgoing("media", packet));
    this.watchOverrun(now);
  }

  /** Ahead of what waits in the pacer. */
  private sendStills(now: Micros, outputs: readonly StillOutput[] = []): void {
    for (const output of outputs) this.outbox.push(this.stillOutput(now, output));
  }

  private stillOutput(now: Micros, output: StillOutput): SenderOutput {
    if (output.kind === "packet") return { kind: "transmit", datagram: this.write(now, output.packet, "other") };
    return { kind: "event", event: { kind: "still-message", ...output.message } };
  }

  private start(now: Micros): void {
    this.state = "sending";
    this.reports.start(now);
    this.roster.start(now);
    this.timers.set("report", this.reports.nextTimeout());
    this.timers.set("roster", this.roster.nextTimeout());
  }

  private close(now: Micros): void {
    const { ssrc } = this.options;
    if (this.state === "sending") {
      this.transmit([...this.report(now), { kind: "goodbye", ssrcs: [ssrc] }]);
    }
    this.state = "closed";
    this.pacer.clear(); // what still waits would come after the goodbye
    this.reports.stop();
    for (const name of TIMERS) this.timers.set(name, NEVER);
  }

  /** What a probe sends because no media waits: a packet that was sent before, so that it is good for something if that is lost. */
  private padding(now: Micros): RtpPacket | undefined {
    if (this.pacer.nextTimeout() !== NEVER || !this.rate.wantsPadding(now)) return undefined;
    return this.retransmitter.redundant();
  }

  private emit(now: Micros, { packet, pacing }: OutgoingPacket): Uint8Array {
    const isMedia = packet.ssrc === this.options.ssrc;
    const purpose = pacing === "repair" ? "retransmission" : isMedia ? "media" : "repair";
    const datagram = this.write(now, packet, purpose);
    if (isMedia) this.reports.onSent(packet, { isNew: pacing === "media" });
    if (purpose === "media") {
      this.retransmitter.onSent(now, packet);
      this.tailProbe.onSent(now);
      if (this.roster.wantsRepair) this.timers.set("tail-probe", this.tailProbe.nextTimeout());
    }
    return datagram;
  }

  private write(now: Micros, packet: RtpPacket, purpose: SentPurpose): Uint8Array {
    const datagram = this.writer.write(now, packet, purpose);
    this.stills?.onSent(now, datagram.length);
    return datagram;
  }

  private receive(now: Micros, datagram: Uint8Array): void {
    const packets = isRtcp(datagram) ? parseRtcp(datagram) : undefined;
    if (packets === undefined) {
      this.rejected += 1;
      return;
    }
    for (const packet of packets) {
      this.receiveStillFeedback(now, packet);
      const { events, repairs } = this.feedback.receive(now, packet, {
        targetBitrateBps: this.rate.targetBitrateBps,
        newestSent: this.writer.newest,
      });
      for (const event of events) this.outbox.push({ kind: "event", event });
      if (repairs.length > 0) this.tailProbe.onLoss(now);
      for (const repair of repairs) this.pacer.enqueue(now, outgoing("repair", repair));
    }
    this.timers.set("roster", this.roster.nextTimeout());
    this.timers.set("report", this.reports.nextTimeout());
    this.followCongestion(now);
  }

  private receiveStillFeedback(now: Micros, packet: RtcpPacket): void {
    for (const { ssrc, capabilities } of statedCapabilities(packet)) {
      if (this.capabilities.has(ssrc) || this.capabilities.size >= MAX_CAPABLE_RECEIVERS) continue;
      this.capabilities.set(ssrc, capabilities);
      this.outbox.push({ kind: "event", event: { kind: "receiver-capabilities", ssrc, capabilities } });
      if (capabilities.stills) this.sendStills(now, this.stills?.onCapable(now));
    }
    const roundTrip = this.roster.roundTripUpper ?? ASSUMED_ROUND_TRIP;
    const path = { roundTrip, targetBitrateBps: this.rate.targetBitrateBps };
    this.sendStills(now, this.stills?.onFeedback(now, packet, path));
  }

  private transmit(packets: readonly RtcpPacket[]): void {
    this.outbox.push({ kind: "transmit", datagram: serializeRtcp(packets) });
  }

  private report(now: Micros): RtcpPacket[] {
    return this.reports.report(now, this.media.timestampAt(now), this.roster.dlrrItems(now));
  }

  private runTimers(now: Micros): void {
    if (this.timers.next() > now) return;
    if (this.timers.isDue("report", now)) {
      this.transmit(this.report(now));
      this.reports.onReported(now, this.roster);
      this.timers.set("report", this.reports.nextTimeout());
    }
    if (this.timers.isDue("tail-probe", now)) {
      if (this.tailProbe.poll(now)) this.transmit(this.reports.highestSent());
      this.timers.set("tail-probe", this.tailProbe.nextTimeout());
    }
    if (this.timers.isDue("roster", now)) {
      for (const event of this.roster.poll(now)) this.outbox.push({ kind: "event", event });
      this.timers.set("roster", this.roster.nextTimeout());
    }
    if (this.timers.isDue("decision", now)) this.followCongestion(now);
  }

  /** Gives up what waits if it was coded for a far wider path, and would be old before it is through. */
  private watchOverrun(now: Micros): void {
    if (!this.overrun.isOverrun(now, this.pacer.backlog())) return;
    const unsent = this.pacer
      .clear()
      .filter(({ packet, pacing }) => pacing === "media" && packet.ssrc === this.options.ssrc);
    this.media.takeBack(unsent[0]?.packet.sequenceNumber);
    this.retransmitter.forget();
    this.isBroken = true;
    this.outbox.push({ kind: "event", event: { kind: "keyframe-requested", reason: "overrun" } });
  }

  private followCongestion(now: Micros): void {
    const { targetBitrateBps, encoderBitrateBps, validUntil } = this.rate.follow(now, this.counters.repairBps(now));
    this.timers.set("decision", validUntil);
    this.overrun.onTarget(now, targetBitrateBps);
    this.watchOverrun(now);
    this.stills?.setRate(targetBitrateBps);
    if (encoderBitrateBps === undefined) return;
    this.outbox.push({ kind: "event", event: { kind: "target-bitrate", bitrateBps: encoderBitrateBps } });
  }
}

function outgoing(pacing: PacedPacket["pacing"], packet: RtpPacket): OutgoingPacket {
  return { pacing, sizeBytes: packet.payload.length, packet };
}
