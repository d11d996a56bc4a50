import { type ReportBlock, type RtcpPacket, type SdesItem, SdesType } from "../rtcp/index.js";
import { toNtp } from "../rtp/index.js";
import { later, type Micros, millis, NEVER } from "../time.js";
import { capabilitiesItem, NO_CAPABILITIES, type ReceiverCapabilities } from "./receiver-capabilities.js";

/** Senders see by these reports that someone watches, and measure the round trip. */
const INTERVAL = millis(500);
/** Until the round trip is known: repair is timed by it. */
const FIRST_INTERVAL = millis(100);
/** A sender that has not answered so many reference times will not. */
const FIRST_REPORTS = 10;

/** Who reports. */
export interface ReceiverReportsOptions {
  readonly ssrc: number;
  readonly cname: string;
  readonly capabilities?: ReceiverCapabilities;
}

/** Decides when a receiver reports (RFC 3550 §6.4.2), and what. */
export class ReceiverReports {
  private readonly ssrc: number;
  private readonly name: SdesItem;
  private readonly capabilities: readonly SdesItem[];
  private dueAt: Micros = NEVER;
  private sent = 0;

  constructor({ ssrc, cname, capabilities = NO_CAPABILITIES }: ReceiverReportsOptions) {
    this.ssrc = ssrc;
    const item = capabilitiesItem(capabilities);
    this.name = { type: SdesType.cname, text: cname };
    this.capabilities = item === undefined ? [] : [item];
  }

  /** A stream started: the first report is due at once. */
  start(now: Micros): void {
    this.dueAt = now;
    this.sent = 0;
  }

  /** The stream ended. */
  stop(): void {
    this.dueAt = NEVER;
  }

  /** When the next report is due. */
  nextTimeout(): Micros {
    return this.dueAt;
  }

  /** A report was sent; the next one is due later. */
  onReported(now: Micros, { isRoundTripKnown }: { readonly isRoundTripKnown: boolean }): void {
    this.sent += 1;
    this.dueAt = later(now, isRoundTripKnown || this.sent >= FIRST_REPORTS ? INTERVAL : FIRST_INTERVAL);
  }

  /**
   * The compound report: RR, SDES with the CNAME and what the receiver understands, and a reference time that the sender
   * answers, so that the round trip becomes known here too (XR RRTR, RFC 3611 §4.4).
   */
  report(now: Micros, reports: readonly ReportBlock[]): RtcpPacket[] {
    const { ssrc, name, capabilities } = this;
    // Until a stream has come, what is sent because of them could not be told from strangers' packets.
    const description = reports.length > 0 ? [name, ...capabilities] : [name];
    return [
      { kind: "receiver-report", ssrc, reports },
      { kind: "source-description", chunks: [{ ssrc, items: description }] },
      { kind: "extended-report", ssrc, blocks: [{ kind: "rrtr", ntp: toNtp(now) }] },
    ];
  }
}
