import { elapsed, later, type Micros, micros, millis, seconds } from "sightline/core";
import type { VirtualTime } from "../virtual-time.js";
import type { Arrival, TcpPath } from "./tcp-flow.js";

const SEGMENT_BYTES = 1_480;
const ACK_BYTES = 40;
const INITIAL_WINDOW = 10;
/** draft-cardwell-iccrg-bbr-congestion-control-00 §4.2, §4.3: how it starts, drains what that left, and then looks for more, eighth by eighth. */
const START_GAIN = 2 / Math.LN2;
const CYCLE = [1.25, 0.75, 1, 1, 1, 1, 1, 1] as const;
const CYCLE_GAIN = 2;
const LEAST_WINDOW = 4;
/** The most that was delivered in so many round trips is what the path carries; the least round trip of so long is its length. */
const RATE_ROUNDS = 10;
const ROUND_TRIP_MEMORY = seconds(10);
const LOOK_FOR_ROUND_TRIP = millis(200);
/** The start is over once three rounds have brought less than a quarter more. */
const FULL_ROUNDS = 3;
const FULL_GROWTH = 1.25;
/** Linux adds what acknowledgements that come in bunches have brought at most beyond the rate, in so many rounds; and three bursts. */
const AGGREGATION_ROUNDS = 10;
const BURSTS = 6;
/** Nothing that is under way will be acknowledged any more if nothing was for so long. */
const TIMEOUT = millis(400);
/** Acknowledgements of later segments after which a segment is lost. It is no reason to send less. */
const DUPLICATES = 3;

interface Segment {
  readonly sentAt: Micros;
  /** Segments that had been delivered then, and since when. */
  readonly delivered: number;
  readonly deliveredAt: Micros;
  readonly firstSentAt: Micros;
  later: number;
}

/**
 * A TCP flow under BBR version 1 (draft-cardwell-iccrg-bbr-congestion-control-00) that always has something to send: paced at
 * what it has seen delivered, with no more than twice that in flight. Delay and loss do not slow it down.
 */
export class BbrFlow {
  readonly name = "tcp";
  readonly arrivals: Arrival[] = [];
  private readonly time: VirtualTime;
  private readonly path: TcpPath;
  private readonly outstanding = new Map<number, Segment>();
  private next = 0;
  private mode: "start" | "drain" | "cycle" | "round-trip" = "start";
  private delivered = 0;
  private deliveredAt: Micros;
  private firstSentAt: Micros;
  private round = 0;
  private roundEndsAt = 0;
  /** Segments a microsecond, by round. */
  private rates: { readonly round: number; readonly rate: number }[] = [];
  private aggregation = { since: 0 as Micros, acknowledged: 0 };
  private extras: { readonly round: number; readonly segments: number }[] = [];
  private fullRate = 0;
  private fullRounds = 0;
  private roundTrip: Micros | undefined;
  private roundTripAt: Micros;
  private roundTripUntil: Micros | undefined;
  private phase = 0;
  private phaseSince: Micros;
  private nextSendAt: Micros;
  private isSending = false;

  constructor(time: VirtualTime, path: TcpPath) {
    this.time = time;
    this.path = path;
    const { now } = time;
    this.deliveredAt = this.firstSentAt = this.roundTripAt = this.phaseSince = this.nextSendAt = now;
    this.send();
    this.watch();
  }

  private get rate(): number {
    return this.rates.reduce((most, { rate }) => Math.max(most, rate), 0);
  }

  private get pacingGain(): number {
    if (this.mode === "start") return START_GAIN;
    if (this.mode === "drain") return 1 / START_GAIN;
    return this.mode === "cycle" ? CYCLE[this.phase]! : 1;
  }

  private get window(): number {
    if (this.mode === "round-trip") return LEAST_WINDOW;
    if (this.roundTrip === undefined || this.rates.length === 0) return INITIAL_WINDOW;
    const gain = this.mode === "cycle" ? CYCLE_GAIN : START_GAIN;
    const extra = this.extras.reduce((most, { segments }) => Math.max(most, segments), 0);
    return Math.max(gain * this.rate * this.roundTrip, LEAST_WINDOW) + BURSTS + extra;
  }

  private send(): void {
    const { now } = this.time;
    if (this.isSending || this.outstanding.size >= this.window) return;
    if (now < this.nextSendAt) {
      this.isSending = true;
      this.time.schedule(this.nextSendAt, () => {
        this.isSending = false;
        this.send();
      });
      return;
    }
    const number = this.next++;
    if (this.outstanding.size === 0) this.firstSentAt = this.deliveredAt = now;
    const { delivered, deliveredAt, firstSentAt } = this;
    this.outstanding.set(number, { sentAt: now, delivered, deliveredAt, firstSentAt, later: 0 });
    const pace = this.rate * this.pacingGain;
    this.nextSendAt = later(now, micros(pace === 0 ? 0 : Math.round(1 / pace)));
    for (const at of this.path.forward(SEGMENT_BYTES)) {
      this.time.schedule(at, () => {
        this.arrivals.push({ sentAt: now, at: this.time.now, sizeBytes: SEGMENT_BYTES });
        for (const back of this.path.backward(ACK_BYTES)) this.time.schedule(back, () => this.acknowledge(number));
      });
    }
    this.send();
  }

  private acknowledge(number: number): void {
    const segment = this.outstanding.get(number);
    if (segment === undefined) return;
    this.outstanding.delete(number);
    this.measure(segment);
    for (const [older, waiting] of this.outstanding) {
      if (older > number) break;
      waiting.later += 1;
      if (waiting.later >= DUPLICATES) this.outstanding.delete(older);
    }
    this.follow();
    this.send();
  }

  private measure(segment: Segment): void {
    const { now } = this.time;
    this.delivered += 1;
    this.deliveredAt = now;
    this.firstSentAt = segment.sentAt;
    if (segment.delivered >= this.roundEndsAt) {
      this.roundEndsAt = this.delivered;
      this.round += 1;
      this.rates = this.rates.filter(({ round }) => round > this.round - RATE_ROUNDS);
      this.noticeFullPath();
    }
    const span = Math.max(elapsed(segment.deliveredAt, now), elapsed(segment.firstSentAt, segment.sentAt), 1);
    const rate = (this.delivered - segment.delivered) / span;
    const latest = this.rates.at(-1);
    if (latest?.round !== this.round) this.rates.push({ round: this.round, rate });
    else if (rate > latest.rate) this.rates[this.rates.length - 1] = { round: this.round, rate };
    this.measureAggregation();
    const roundTrip = elapsed(segment.sentAt, now);
    if (this.roundTrip === undefined || roundTrip <= this.roundTrip) {
      this.roundTrip = roundTrip;
      this.roundTripAt = now;
    }
  }

  private measureAggregation(): void {
    const { now } = this.time;
    const { aggregation } = this;
    if (this.mode === "start") return;
    if (aggregation.acknowledged <= this.rate * elapsed(aggregation.since, now)) {
      this.aggregation = { since: now, acknowledged: 1 };
      return;
    }
    aggregation.acknowledged += 1;
    const segments = aggregation.acknowledged - this.rate * elapsed(aggregation.since, now);
    const latest = this.extras.at(-1);
    if (latest?.round !== this.round) this.extras.push({ round: this.round, segments });
    else if (segments > latest.segments) this.extras[this.extras.length - 1] = { round: this.round, segments };
    this.extras = this.extras.filter(({ round }) => round > this.round - AGGREGATION_ROUNDS);
  }

  private noticeFullPath(): void {
    if (this.mode !== "start") return;
    this.fullRounds = this.rate < this.fullRate * FULL_GROWTH ? this.fullRounds + 1 : 0;
    if (this.fullRounds === 0) this.fullRate = this.rate;
    if (this.fullRounds >= FULL_ROUNDS) this.mode = "drain";
  }

  private follow(): void {
    const { now } = this.time;
    const roundTrip = this.roundTrip ?? millis(100);
    const inFlight = this.outstanding.size;
    if (this.mode === "drain" && inFlight <= this.rate * roundTrip) this.cycle(2);
    if (this.mode === "cycle") {
      const isDrained = this.phase === 1 && inFlight <= this.rate * roundTrip;
      if (elapsed(this.phaseSince, now) > roundTrip || isDrained) this.cycle(this.phase + 1);
    }
    if (this.mode !== "round-trip" && elapsed(this.roundTripAt, now) > ROUND_TRIP_MEMORY) {
      this.mode = "round-trip";
      this.roundTripUntil = undefined;
      this.roundTrip = undefined;
    } else if (this.mode === "round-trip") {
      if (this.roundTripUntil === undefined && inFlight <= LEAST_WINDOW) {
        this.roundTripUntil = later(now, LOOK_FOR_ROUND_TRIP);
      } else if (this.roundTripUntil !== undefined && now >= this.roundTripUntil) {
        this.roundTripAt = now;
        this.cycle(2);
      }
    }
  }

  private watch(): void {
    this.time.schedule(later(this.time.now, TIMEOUT), () => {
      if (elapsed(this.deliveredAt, this.time.now) >= TIMEOUT) {
        this.outstanding.clear();
        this.send();
      }
      this.watch();
    });
  }

  private cycle(phase: number): void {
    this.mode = "cycle";
    this.phase = phase % CYCLE.length;
    this.phaseSince = this.time.now;
  }
}
