import { type DlrrItem, type ReportBlock, roundTripTime } from "../rtcp/index.js";
import { compactNtp, type NtpTimestamp, VIDEO_CLOCK_RATE } from "../rtp/index.js";
import { type ReceiverQuality, RoundTrip } from "../statistics/index.js";
import { earliest, elapsed, later, type Micros, micros, NEVER, seconds } from "../time.js";

/** A receiver that says nothing for this long is gone: it reports twice a second. */
const SILENT_AFTER = seconds(5);
/** Nobody has answered this long after the start: nobody is there, or the answers do not get through. */
const NO_ANSWER_AFTER = seconds(3);
/** A multicast group may be larger; feedback of those beyond is served, but they are not counted. */
const MAX_RECEIVERS = 64;
/** Reference times that fit a report beside the rest. */
const MAX_DLRR_ITEMS = 16;

/** What became of a receiver. */
export type RosterEvent =
  | { readonly kind: "receiver-appeared"; readonly ssrc: number }
  | { readonly kind: "receiver-left"; readonly ssrc: number }
  | { readonly kind: "receiver-silent" };

interface Receiver {
  readonly roundTrip: RoundTrip;
  lastHeard: Micros;
  fractionLost: number;
  jitterMs: number;
  /** Its last reference time (XR RRTR), and when that came. */
  reference: { readonly compact: number; readonly at: Micros } | undefined;
  /** It has sent a NACK, PLI or FIR, or measures round trips, as only those do who ask for what they miss. */
  asksForRepair: boolean;
}

/** Keeps track of who receives a stream, by what they report. */
export class ReceiverRoster {
  private readonly receivers = new Map<number, Receiver>();
  /** When the silence is to be told; `NEVER` while someone is there, or once it was told. */
  private silenceDue: Micros = NEVER;

  /** The stream starts: from now on an answer is expected. */
  start(now: Micros): void {
    this.silenceDue = later(now, NO_ANSWER_AFTER);
  }

  /** Whether someone is there. */
  get isAnswered(): boolean {
    return this.receivers.size > 0;
  }

  /** Whether someone is there that asks for what it misses. */
  get wantsRepair(): boolean {
    for (const { asksForRepair } of this.receivers.values()) if (asksForRepair) return true;
    return false;
  }

  /** A receiver wants something sent again, or a keyframe. Returns an event if it is new. */
  onRepairRequest(now: Micros, ssrc: number): RosterEvent | undefined {
    const event = this.onFeedback(now, ssrc);
    const receiver = this.receivers.get(ssrc);
    if (receiver !== undefined) receiver.asksForRepair = true;
    return event;
  }

  /** A receiver sent a report or other feedback on the stream. Returns an event if it is new. */
  onFeedback(now: Micros, ssrc: number): RosterEvent | undefined {
    const known = this.receivers.get(ssrc);
    if (known !== undefined) {
      known.lastHeard = now;
      return undefined;
    }
    if (this.receivers.size >= MAX_RECEIVERS) return undefined;
    const roundTrip = new RoundTrip();
    this.receivers.set(ssrc, {
      roundTrip,
      lastHeard: now,
      fractionLost: 0,
      jitterMs: 0,
      reference: undefined,
      asksForRepair: false,
    });
    this.silenceDue = NEVER;
    return { kind: "receiver-appeared", ssrc };
  }

  /** What a receiver that is known says in its report on the stream. */
  onReport(now: Micros, ssrc: number, block: ReportBlock): void {
    const receiver = this.receivers.get(ssrc);
    if (receiver === undefined) return;
    receiver.fractionLost = block.fractionLost;
    receiver.jitterMs = (block.jitter * 1_000) / VIDEO_CLOCK_RATE;
    const roundTrip = roundTripTime(now, { lastReport: block.lastSr, delay: block.delaySinceLastSr });
    if (roundTrip !== undefined) receiver.roundTrip.add(roundTrip);
  }

  /** A receiver that is known wants its reference time answered (RFC 3611 §4.4). */
  onReferenceTime(now: Micros, ssrc: number, ntp: NtpTimestamp): boolean {
    const receiver = this.receivers.get(ssrc);
    if (receiver === undefined) return false;
    receiver.reference = { compact: compactNtp(ntp), at: now };
    receiver.asksForRepair = true;
    return true;
  }

  /** A source said goodbye. Returns an event if it was a receiver. */
  onGoodbye(now: Micros, ssrc: number): RosterEvent | undefined {
    if (!this.receivers.delete(ssrc)) return undefined;
    if (!this.isAnswered) this.silenceDue = later(now, SILENT_AFTER);
    return { kind: "receiver-left", ssrc };
  }

  /** The smoothed round trip to one receiver, if it is known. */
  roundTripTo(ssrc: number): Micros | undefined {
    return this.receivers.get(ssrc)?.roundTrip.smoothed;
  }

  /** Within which the farthest receiver answers, with few exceptions; undefined if none is known. */
  get roundTripUpper(): Micros | undefined {
    const known = [...this.receivers.values()].flatMap(({ roundTrip }) => roundTrip.upper ?? []);
    return known.length === 0 ? undefined : micros(Math.max(...known));
  }

  /** The answers to the receivers' reference times, for the next report (RFC 3611 §4.5). */
  dlrrItems(now: Micros): DlrrItem[] {
    const items: DlrrItem[] = [];
    for (const [ssrc, { reference }] of this.receivers) {
      if (reference === undefined || items.length === MAX_DLRR_ITEMS) continue;
      items.push({ ssrc, lastRr: reference.compact, delaySinceLastRr: elapsed(reference.at, now) });
    }
    return items;
  }

  /** Drops those that fell silent and tells of it. */
  poll(now: Micros): RosterEvent[] {
    const events: RosterEvent[] = [];
    if (this.silenceDue <= now) {
      this.silenceDue = NEVER;
      events.push({ kind: "receiver-silent" });
    }
    for (const [ssrc, { lastHeard }] of this.receivers) {
      if (elapsed(lastHeard, now) < SILENT_AFTER) continue;
      this.receivers.delete(ssrc);
      events.push(this.isAnswered ? { kind: "receiver-left", ssrc } : { kind: "receiver-silent" });
    }
    return events;
  }

  /** When `poll` may have something to tell. */
  nextTimeout(): Micros {
    let next = this.silenceDue;
    for (const { lastHeard } of this.receivers.values()) next = earliest(next, later(lastHeard, SILENT_AFTER));
    return next;
  }

  /** How each of them gets the stream. */
  qualities(): ReceiverQuality[] {
    return [...this.receivers].map(([ssrc, { roundTrip, fractionLost, jitterMs, asksForRepair }]) => ({
      ssrc,
      roundTripMs: roundTrip.smoothedMs,
      fractionLost,
      jitterMs,
      asksForRepair,
    }));
  }
}
