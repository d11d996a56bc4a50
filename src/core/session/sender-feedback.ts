import type { CongestionController } from "../congestion/index.js";
import type { ReportBlock, RtcpPacket } from "../rtcp/index.js";
import type { RtpPacket, SequenceNumber } from "../rtp/index.js";
import { later, type Micros, millis } from "../time.js";
import { KeyframeGate } from "./keyframe-gate.js";
import type { ReceiverRoster } from "./receiver-roster.js";
import type { Retransmitter } from "./retransmitter.js";
import type { SenderProtection } from "./sender-protection.js";
import type { SenderReports } from "./sender-reports.js";
import type { SenderEvent } from "./sender-types.js";

/** Before a round trip was measured; receivers that do not know it either repeat requests after a little more. */
const ASSUMED_ROUND_TRIP = millis(50);

/** The parts of a sender that feedback concerns, and its streams. */
export interface SenderFeedbackOptions {
  readonly ssrc: number;
  readonly rtxSsrc: number;
  readonly fecSsrc: number | undefined;
  readonly roster: ReceiverRoster;
  readonly retransmitter: Retransmitter;
  readonly reports: SenderReports;
  readonly congestion: CongestionController;
  /** Undefined: frames are not protected. */
  readonly protection: SenderProtection | undefined;
}

/** What feedback leads to. */
export interface FeedbackOutcome {
  readonly events: readonly SenderEvent[];
  /** Packets to send again. */
  readonly repairs: readonly RtpPacket[];
}

/** What the sender knows when feedback comes. */
export interface SenderState {
  readonly targetBitrateBps: number;
  /** The transport-wide sequence number of the last packet that left. */
  readonly newestSent: SequenceNumber;
}

const NOTHING: FeedbackOutcome = { events: [], repairs: [] };

/** Takes in what receivers send back, and passes it to the part of the sender that it concerns. */
export class SenderFeedback {
  private readonly options: SenderFeedbackOptions;
  private readonly keyframeGate = new KeyframeGate();
  private requested = 0;
  private keyframes = 0;

  constructor(options: SenderFeedbackOptions) {
    this.options = options;
  }

  /** Packets that receivers asked for, repeats included. */
  get packetsRequested(): number {
    return this.requested;
  }

  /** PLIs and FIRs that were passed on. */
  get keyframesRequested(): number {
    return this.keyframes;
  }

  /** Takes in one RTCP packet; what is about other streams has no effect. */
  receive(now: Micros, packet: RtcpPacket, { targetBitrateBps, newestSent }: SenderState): FeedbackOutcome {
    const { ssrc, rtxSsrc, fecSsrc, roster, retransmitter, congestion } = this.options;
    switch (packet.kind) {
      case "receiver-report":
      case "sender-report": {
        const block = packet.reports.find((report) => report.ssrc === ssrc);
        return block === undefined ? NOTHING : this.onReport(now, packet.ssrc, block);
      }
      case "extended-report":
        for (const block of packet.blocks) {
          const isAwaited = block.kind === "rrtr" && roster.onReferenceTime(now, packet.ssrc, block.ntp);
          if (isAwaited) this.options.reports.expedite(now);
        }
        return NOTHING;
      case "nack": {
        if (packet.mediaSsrc !== ssrc) return NOTHING;
        this.requested += packet.lost.length;
        const event = roster.onRepairRequest(now, packet.senderSsrc);
        // Round trips are measured seldom; a queue that has built up since holds up what was sent again as well.
        const queueDelay = millis(congestion.stats().path?.queueDelayMs ?? 0);
        const roundTrip = later(roster.roundTripTo(packet.senderSsrc) ?? ASSUMED_ROUND_TRIP, queueDelay);
        return {
          events: listOf(event),
          repairs: retransmitter.answer(now, packet.lost, { roundTrip, targetBitrateBps }),
        };
      }
      case "pli": {
        if (packet.mediaSsrc !== ssrc) return NOTHING;
        const event = roster.onRepairRequest(now, packet.senderSsrc);
        return this.keyframe("pli", this.keyframeGate.onPictureLoss(now), event);
      }
      case "fir": {
        const request = packet.requests.find((command) => command.ssrc === ssrc);
        if (request === undefined) return NOTHING;
        const { commandSequence } = request;
        const event = roster.onRepairRequest(now, packet.senderSsrc);
        const isNew = this.keyframeGate.onIntraRequest(now, { sender: packet.senderSsrc, commandSequence });
        return this.keyframe("fir", isNew, event);
      }
      case "transport-feedback":
        // It is about all streams together; browsers name the one that the last packet was of.
        if (![ssrc, rtxSsrc, fecSsrc].includes(packet.mediaSsrc)) return NOTHING;
        congestion.onTransportFeedback(now, packet);
        this.options.protection?.onFeedback(now, packet, {
          roundTripUpper: roster.roundTripUpper,
          isCongested: congestion.stats().path?.isCongested ?? false,
          newestSent,
        });
        return { events: listOf(roster.onFeedback(now, packet.senderSsrc)), repairs: [] };
      case "goodbye":
        return { events: packet.ssrcs.flatMap((leaving) => listOf(roster.onGoodbye(now, leaving))), repairs: [] };
      default:
        return NOTHING;
    }
  }

  private onReport(now: Micros, reporter: number, block: ReportBlock): FeedbackOutcome {
    const { roster, congestion } = this.options;
    const event = roster.onFeedback(now, reporter);
    roster.onReport(now, reporter, block);
    congestion.onReceiverReport(now, { fractionLost: block.fractionLost, roundTrip: roster.roundTripTo(reporter) });
    return { events: listOf(event), repairs: [] };
  }

  private keyframe(reason: "pli" | "fir", isPassed: boolean, event: SenderEvent | undefined): FeedbackOutcome {
    if (!isPassed) return { events: listOf(event), repairs: [] };
    this.keyframes += 1;
    return { events: [...listOf(event), { kind: "keyframe-requested", reason }], repairs: [] };
  }
}

function listOf(event: SenderEvent | undefined): SenderEvent[] {
  return event === undefined ? [] : [event];
}
