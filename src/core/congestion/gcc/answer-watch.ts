import { elapsed, later, type Micros, millis, NEVER, seconds } from "../../time.js";

/** How long to send at the start bitrate before anybody answered. */
const GRACE = seconds(3);
/** RTCP timeout of RFC 8083 §4.1 for those that only report: three intervals of at most five seconds. */
const REPORT_TIMEOUT = seconds(15);
/** Transport feedback comes every 50 to 250 ms: without it for so long, and round trips more, the path is cut or clogged. */
const STALL_LEAST = millis(500);
const STALL_ROUND_TRIPS = 3;
/** A few packets without an answer may be lost, or the feedback on them. */
const STALL_PACKETS = 10;
/** While it lasts, the rate is halved so often, */
const HALVING_INTERVAL = millis(500);
/** this many times at most. */
const MAX_HALVINGS = 4;
/** How often to look whether feedback is overdue, while it is awaited. */
const LOOK_INTERVAL = millis(100);
/** After this without transport feedback, a receiver that still reports is taken for one that gives none. */
const FEEDBACK_TIMEOUT = seconds(3);
/** After this, what was known of the path is forgotten. */
const FORGET_AFTER = seconds(5);

/** What is known of whoever answers. */
export type Answering =
  /** Nobody has answered, but the stream has only just started. */
  | "awaited"
  /** Nobody answers: the circuit breaker (RFC 8083 §4.1) is open. */
  | "nobody"
  /** Somebody reports loss. */
  | "reports"
  /** Somebody gives transport feedback. */
  | "feedback";

/** Watches whether anybody answers, and how well. */
export class AnswerWatch {
  private firstSent: Micros | undefined;
  private feedbackAt: Micros | undefined;
  private reportAt: Micros | undefined;
  /** The first packet sent since the last transport feedback, and how many were. */
  private unansweredSince: Micros | undefined;
  private unansweredPackets = 0;

  /** A packet left. */
  onSent(now: Micros): void {
    this.firstSent ??= now;
    this.unansweredSince ??= now;
    this.unansweredPackets += 1;
  }

  /** Transport feedback came. Returns whether it is the first, or the first after so long that the path is not known. */
  onFeedback(now: Micros): boolean {
    const isNew = this.feedbackAt === undefined || this.silence(now) > FORGET_AFTER;
    this.feedbackAt = now;
    this.unansweredSince = undefined;
    this.unansweredPackets = 0;
    return isNew;
  }

  /** A receiver report came. */
  onReport(now: Micros): void {
    this.reportAt = now;
  }

  /** Who answers. */
  state(now: Micros): Answering {
    if (this.feedbackAt !== undefined && this.silence(now) < FEEDBACK_TIMEOUT) return "feedback";
    if (this.reportAt !== undefined && elapsed(this.reportAt, now) < REPORT_TIMEOUT) return "reports";
    if (this.reportAt !== undefined || this.feedbackAt !== undefined) return "nobody";
    return this.firstSent === undefined || elapsed(this.firstSent, now) < GRACE ? "awaited" : "nobody";
  }

  /** What to multiply the rate with because transport feedback fails to come: 1, or less the longer that lasts. */
  factor(now: Micros, roundTrip: Micros): number {
    if (this.feedbackAt === undefined || this.unansweredPackets < STALL_PACKETS) return 1;
    const overdue = this.silence(now) - Math.max(STALL_LEAST, roundTrip * STALL_ROUND_TRIPS);
    return overdue < 0 ? 1 : 0.5 ** Math.min(1 + Math.floor(overdue / HALVING_INTERVAL), MAX_HALVINGS);
  }

  /** When to look again, because the answers above change by time alone. */
  nextTimeout(now: Micros): Micros {
    switch (this.state(now)) {
      case "awaited":
        return this.firstSent === undefined ? NEVER : later(this.firstSent, GRACE);
      case "nobody":
        return NEVER;
      case "reports":
        return later(this.reportAt!, REPORT_TIMEOUT);
      case "feedback":
        return this.unansweredSince === undefined ? NEVER : later(now, LOOK_INTERVAL);
    }
  }

  private silence(now: Micros): number {
    return this.unansweredSince === undefined ? 0 : elapsed(this.unansweredSince, now);
  }
}
