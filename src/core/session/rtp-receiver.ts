import type { VideoCodec } from "../frame.js";
import { unwrapRtx } from "../nack/index.js";
import { createDepacketizer, type Depacketizer } from "../payload/index.js";
import { parseRtcp, type RtcpPacket, serializeRtcp } from "../rtcp/index.js";
import {
  findExtension,
  isRtcp,
  type PayloadFormat,
  parseRtpPacket,
  type RtpPacket,
  readTransportSequenceNumber,
} from "../rtp/index.js";
import { NOTHING_RECEIVED, type ReceiverStatistics } from "../statistics/index.js";
import { type Micros, NEVER } from "../time.js";
import { FeedbackRecorder } from "./feedback-recorder.js";
import { ReceivedStills } from "./received-stills.js";
import { ReceivedStream } from "./received-stream.js";
import { ReceiverReports } from "./receiver-reports.js";
import type { ReceiverEvent, ReceiverInput, ReceiverOutput, RtpReceiverOptions } from "./receiver-types.js";
import { toRepairMessages } from "./repair-requests.js";
import { SilenceWatch } from "./silence-watch.js";
import { type ArrivedPacket, StreamLock, type StreamName } from "./stream-lock.js";
import { TimerTable } from "./timers.js";

const TIMERS = ["report", "feedback", "repair", "stills", "silence"] as const;

interface ReceivedPacket {
  readonly packet: RtpPacket;
  readonly arrival: Micros;
  readonly remote: string;
}

type Datagram = Extract<ReceiverInput, { readonly kind: "datagram" }>;

/**
 * Receives one video stream out of whatever reaches a port: locks on to a stream, has its losses repaired, makes frames,
 * and reports to the sender. A pure state machine: it does no I/O and is told the time.
 *
 * The drain rule: after the constructor and after every {@link handleInput}, call {@link pollOutput} until it returns a
 * `timeout`; call `handleInput` with `timeout` no later than that says. A drained receiver's timeout lies after `now`.
 * Calling early, or more often, does no harm. Time must not run back.
 *
 * Nothing that comes from the network throws, grows what is stored without bound, or disturbs the stream that is shown
 * unless it comes from that stream's own address.
 */
export class RtpReceiver {
  private readonly options: RtpReceiverOptions;
  private readonly lock = new StreamLock();
  private readonly reports: ReceiverReports;
  private readonly timers = new TimerTable(TIMERS);
  private readonly outbox: ReceiverOutput[] = [];
  /** Look at first packets of streams on probation. */
  private readonly inspectors = new Map<VideoCodec, Depacketizer>();
  private readonly silence = new SilenceWatch();
  private feedback = new FeedbackRecorder();
  private stream: ReceivedStream | undefined;
  private stills: ReceivedStills | undefined;
  private isClosed = false;
  private keyframesRequested = 0;
  private datagramsRejected = 0;

  constructor(options: RtpReceiverOptions) {
    this.options = options;
    this.reports = new ReceiverReports(options);
  }

  /** Takes in what happened. Never throws. */
  handleInput(now: Micros, input: ReceiverInput): void {
    if (this.isClosed) return;
    switch (input.kind) {
      case "datagram":
        if (isRtcp(input.datagram)) this.receiveRtcp(now, input);
        else this.receiveRtp(now, input);
        this.settle(now);
        break;
      case "keyframe-needed":
        this.stream?.requireKeyframe();
        this.settle(now);
        break;
      case "stills-needed":
        this.stills?.requestRefresh();
        this.timers.set("stills", this.stills?.nextTimeout() ?? NEVER);
        break;
      case "close":
        this.close(now);
        break;
      case "timeout":
        break; // pollOutput looks at the timers
    }
  }

  /** The next thing to do at `now`; see the drain rule above. */
  pollOutput(now: Micros): ReceiverOutput {
    this.runTimers(now);
    return this.outbox.shift() ?? { kind: "timeout", at: this.timers.next() };
  }

  /** What was received so far, with rates at `now`. */
  stats(now: Micros): ReceiverStatistics {
    const { keyframesRequested, datagramsRejected } = this;
    return { ...(this.stream?.stats(now) ?? NOTHING_RECEIVED), keyframesRequested, datagramsRejected };
  }

  private receiveRtp(now: Micros, { datagram, remote, arrival }: Datagram): void {
    const packet = parseRtpPacket(datagram);
    const format = packet && this.options.payloadTypes.get(packet.payloadType);
    if (packet === undefined || format === undefined) {
      this.datagramsRejected += 1;
      return;
    }
    if (!this.receiveFormat(now, { packet, arrival, remote }, format)) {
      this.datagramsRejected += 1;
      return;
    }
    this.stream?.countBytes(now, datagram.length);
    this.recordArrival(now, arrival, packet);
    this.heard(now);
  }

  /** Returns whether the packet belongs to the stream that is shown, or to those that repair it. */
  private receiveFormat(now: Micros, received: ReceivedPacket, format: PayloadFormat): boolean {
    if ("codec" in format) return this.receiveMedia(now, { ...received, codec: format.codec });
    const { stream } = this;
    const { packet, remote, arrival } = received;
    if (stream === undefined || stream.remote !== remote) return false;
    if ("stillsOf" in format) {
      if (stream.payloadType !== format.stillsOf) return false;
      this.receiveStills(now, packet, stream);
      return true;
    }
    if ("fecOf" in format) {
      if (stream.payloadType !== format.fecOf) return false;
      stream.receiveParity(now, packet, arrival);
      return true;
    }
    if (stream.payloadType !== format.rtxOf) return false;
    const original = unwrapRtx(packet, stream);
    if (original !== undefined) stream.receive(now, original, { arrival, isRepair: true });
    return true;
  }

  private receiveStills(now: Micros, packet: RtpPacket, stream: ReceivedStream): void {
    if (this.stills?.ssrc !== packet.ssrc) this.stills = new ReceivedStills(packet.ssrc, stream.roundTrip);
    const message = this.stills.receive(now, packet);
    if (message !== undefined) this.tell({ kind: "still-message", message });
    this.timers.set("stills", this.stills.nextTimeout());
  }

  /** Returns whether the packet belongs to the stream that is shown. */
  private receiveMedia(
    now: Micros,
    { packet, arrival, remote, codec }: ReceivedPacket & { readonly codec: VideoCodec },
  ): boolean {
    const { stream } = this;
    // What comes late from the old address does not lead back there.
    if (stream?.isAhead(packet.sequenceNumber)) this.follow({ remote, ssrc: packet.ssrc });
    if (stream !== undefined && this.isOf(stream, { remote, ssrc: packet.ssrc })) {
      if (packet.payloadType !== stream.payloadType) return false;
      stream.receive(now, packet, { arrival, isRepair: false });
      return true;
    }
    const hints = this.inspector(codec).inspect(packet.payload);
    const startsKeyframe = hints?.startsFrame === "yes" && hints.keyframe;
    const verdict = this.lock.offer(now, remote, { packet, arrival, startsKeyframe });
    if (verdict.kind !== "locked") return false;
    this.start(now, { remote, codec, packets: verdict.packets });
    return true;
  }

  private receiveRtcp(now: Micros, { datagram, remote, arrival }: Datagram): void {
    const packets = parseRtcp(datagram);
    if (packets === undefined) {
      this.datagramsRejected += 1;
      return;
    }
    for (const packet of packets) this.receiveRtcpPacket(now, packet, { remote, arrival });
  }

  private receiveRtcpPacket(
    now: Micros,
    packet: RtcpPacket,
    { remote, arrival }: { readonly remote: string; readonly arrival: Micros },
  ): void {
    if (packet.kind === "sender-report") this.follow({ remote, ssrc: packet.ssrc });
    // A sender that has sent nothing yet is about to begin with a keyframe anyway.
    if (packet.kind === "sender-report" && packet.packetCount > 0 && this.lock.isVacant(now)) {
      const name = { remote, ssrc: packet.ssrc };
      if (!this.lock.isCurrent(name)) this.invite(now, name);
    }
    const { stream } = this;
    if (stream === undefined || stream.remote !== remote) return;
    if (packet.kind === "goodbye") {
      if (packet.ssrcs.includes(stream.ssrc)) this.end(now);
    } else if (stream.onRtcp(now, packet, { arrival, receiverSsrc: this.options.ssrc })) {
      this.heard(now);
    }
  }

  private isOf(stream: ReceivedStream, { remote, ssrc }: StreamName): boolean {
    const from = this.options.followsSender === true ? stream.remote : remote;
    return this.lock.isCurrent({ remote: from, ssrc });
  }

  /** The stream that is shown comes from elsewhere now, if it may. */
  private follow({ remote, ssrc }: StreamName): void {
    const { stream } = this;
    if (this.options.followsSender !== true || stream === undefined) return;
    if (stream.ssrc !== ssrc || stream.remote === remote) return;
    stream.remote = remote;
    this.lock.move(remote);
  }

  /** A sender whose picture stands still only reports: a keyframe makes its stream one that can be shown. */
  private invite(now: Micros, { remote, ssrc }: StreamName): void {
    const pli: RtcpPacket = { kind: "pli", senderSsrc: this.options.ssrc, mediaSsrc: ssrc };
    this.keyframesRequested += 1;
    this.transmit(remote, [...this.reports.report(now, []), pli]);
  }

  private start(
    now: Micros,
    { remote, codec, packets }: { remote: string; codec: VideoCodec; packets: readonly ArrivedPacket[] },
  ): void {
    const { ssrc, payloadType } = packets[0]!.packet;
    const { extensions, hasParameterSets = false } = this.options;
    this.stream = new ReceivedStream({ remote, ssrc, codec, payloadType, extensions, hasParameterSets });
    this.stills = undefined;
    this.feedback = new FeedbackRecorder();
    this.silence.start(now);
    this.reports.start(now);
    this.timers.set("report", this.reports.nextTimeout());
    this.timers.set("silence", this.silence.nextTimeout());
    this.tell({ kind: "stream-started", ssrc, remote, codec, payloadType });
    for (const { packet, arrival } of packets) {
      this.recordArrival(now, arrival, packet);
      this.stream.receive(now, packet, { arrival, isRepair: false });
    }
  }

  private end(now: Micros): void {
    this.settle(now);
    this.lock.end(now);
    this.stream = undefined;
    this.reports.stop();
    this.silence.stop();
    for (const name of TIMERS) this.timers.set(name, NEVER);
    this.tell({ kind: "stream-ended", reason: "bye" });
  }

  private close(now: Micros): void {
    const { stream } = this;
    if (stream !== undefined) {
      const goodbye: RtcpPacket = { kind: "goodbye", ssrcs: [this.options.ssrc] };
      this.transmit(stream.remote, [...this.reports.report(now, [stream.reportBlock(now)]), goodbye]);
    }
    this.isClosed = true;
    for (const name of TIMERS) this.timers.set(name, NEVER);
  }

  /** Something of the stream that is shown came. */
  private heard(now: Micros): void {
    this.lock.touch(now);
    if (!this.silence.heard(now)) return;
    this.timers.set("silence", this.silence.nextTimeout());
    this.tell({ kind: "stream-resumed" });
  }

  private recordArrival(now: Micros, arrival: Micros, { extensions }: RtpPacket): void {
    const id = this.options.extensions.transportSequenceNumber;
    const data = id === undefined ? undefined : findExtension(extensions, id);
    const sequence = data && readTransportSequenceNumber(data);
    if (sequence === undefined) return;
    this.feedback.record(now, arrival, sequence);
    this.timers.set("feedback", this.feedback.nextTimeout());
  }

  /** Hands out what is complete and looks at what is missing. */
  private settle(now: Micros): void {
    const { stream } = this;
    if (stream === undefined) return;
    for (let frame = stream.pollFrame(now); frame !== undefined; frame = stream.pollFrame(now)) {
      this.tell({ kind: "frame", frame });
    }
    stream.repair.settle(now);
    this.timers.set("repair", stream.repair.nextTimeout());
  }

  private runTimers(now: Micros): void {
    const { stream, timers } = this;
    if (stream === undefined || timers.next() > now) return;
    if (timers.isDue("repair", now)) this.askForRepair(now, stream);
    if (timers.isDue("stills", now)) this.askForStills(now, stream);
    if (timers.isDue("report", now)) {
      this.transmit(stream.remote, this.reports.report(now, [stream.reportBlock(now)]));
      this.reports.onReported(now, { isRoundTripKnown: stream.roundTrip.smoothed !== undefined });
      timers.set("report", this.reports.nextTimeout());
    }
    if (timers.isDue("feedback", now)) {
      const message = this.feedback.poll(now, { senderSsrc: this.options.ssrc, mediaSsrc: stream.ssrc });
      if (message !== undefined) this.transmit(stream.remote, [message]);
      timers.set("feedback", this.feedback.nextTimeout());
    }
    if (timers.isDue("silence", now)) {
      const since = this.silence.poll(now);
      if (since !== undefined) this.tell({ kind: "stream-silent", since });
      timers.set("silence", this.silence.nextTimeout());
    }
  }

  private askForRepair(now: Micros, stream: ReceivedStream): void {
    this.settle(now);
    const requests = stream.repair.poll(now);
    const streams = { senderSsrc: this.options.ssrc, mediaSsrc: stream.ssrc };
    for (const message of toRepairMessages(requests, streams)) this.transmit(stream.remote, [message]);
    if (requests.keyframe) this.keyframesRequested += 1;
    this.timers.set("repair", stream.repair.nextTimeout());
  }

  private askForStills(now: Micros, stream: ReceivedStream): void {
    const requests = this.stills?.poll(now, this.options.ssrc) ?? [];
    for (const message of requests) this.transmit(stream.remote, [message]);
    this.timers.set("stills", this.stills?.nextTimeout() ?? NEVER);
  }

  private inspector(codec: VideoCodec): Depacketizer {
    const known = this.inspectors.get(codec) ?? createDepacketizer(codec);
    this.inspectors.set(codec, known);
    return known;
  }

  private tell(event: ReceiverEvent): void {
    this.outbox.push({ kind: "event", event });
  }

  private transmit(remote: string, packets: readonly RtcpPacket[]): void {
    this.outbox.push({ kind: "transmit", remote, datagram: serializeRtcp(packets) });
  }
}
