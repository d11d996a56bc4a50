import { toApplicationPacket } from "../nack/index.js";
import { type DlrrItem, type RtcpPacket, SdesType } from "../rtcp/index.js";
import { type RtpPacket, type RtpTimestamp, type SequenceNumber, toNtp } from "../rtp/index.js";
import { earliest, later, type Micros, millis, NEVER } from "../time.js";

/** Receivers map capture times by these reports, so they come often for RTCP; 120 bytes each. */
const INTERVAL = millis(500);
/** While nobody has answered: one who starts to watch a still picture finds the stream this soon. */
const UNANSWERED_INTERVAL = millis(100);
/** A receiver that waits for its round trip is answered sooner than the next report is due, but not more often than this. */
const LEAST_INTERVAL = millis(50);

/** Who the reports are about. */
export interface SenderReportsOptions {
  readonly ssrc: number;
  readonly cname: string;
}

/** Decides when a sender reports (RFC 3550 §6.4.1), and what. */
export class SenderReports {
  private readonly ssrc: number;
  private readonly cname: string;
  private packetCount = 0;
  private octetCount = 0;
  private highest: SequenceNumber | undefined;
  private lastAt: Micros | undefined;
  private dueAt: Micros = NEVER;

  constructor({ ssrc, cname }: SenderReportsOptions) {
    this.ssrc = ssrc;
    this.cname = cname;
  }

  /** The stream starts: the first report is due at once. */
  start(now: Micros): void {
    this.dueAt = now;
  }

  /** Stops: the stream has ended. */
  stop(): void {
    this.dueAt = NEVER;
  }

  /** A packet of the stream left. Retransmissions on a stream of their own do not count. */
  onSent(packet: RtpPacket, { isNew }: { readonly isNew: boolean }): void {
    this.packetCount += 1;
    this.octetCount += packet.payload.length;
    if (isNew) this.highest = packet.sequenceNumber;
  }

  /** A receiver waits for an answer. */
  expedite(now: Micros): void {
    const soonest = this.lastAt === undefined ? now : later(this.lastAt, LEAST_INTERVAL);
    this.dueAt = earliest(this.dueAt, soonest > now ? soonest : now);
  }

  /** When the next report is due. */
  nextTimeout(): Micros {
    return this.dueAt;
  }

  /** A report was sent; the next one is due later. */
  onReported(now: Micros, { isAnswered }: { readonly isAnswered: boolean }): void {
    this.lastAt = now;
    this.dueAt = later(now, isAnswered ? INTERVAL : UNANSWERED_INTERVAL);
  }

  /** The compound report: SR, SDES with the CNAME, answers to reference times, and how far was sent. */
  report(now: Micros, rtpTimestamp: RtpTimestamp, answers: readonly DlrrItem[]): RtcpPacket[] {
    const { ssrc, cname } = this;
    const packets: RtcpPacket[] = [
      {
        kind: "sender-report",
        ssrc,
        ntp: toNtp(now),
        rtpTimestamp,
        packetCount: this.packetCount >>> 0,
        octetCount: this.octetCount >>> 0,
        reports: [],
      },
      { kind: "source-description", chunks: [{ ssrc, items: [{ type: SdesType.cname, text: cname }] }] },
    ];
    if (answers.length > 0) packets.push({ kind: "extended-report", ssrc, blocks: [{ kind: "dlrr", items: answers }] });
    packets.push(...this.highestSent());
    return packets;
  }

  /** How far was sent, alone; nothing before the first packet. */
  highestSent(): RtcpPacket[] {
    const { ssrc, highest } = this;
    return highest === undefined ? [] : [toApplicationPacket({ ssrc, sequenceNumber: highest })];
  }
}
