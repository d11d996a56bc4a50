import { later, type Micros, micros, millis, type Rng, SeededRng, uniform } from "sightline/core";

/** How packets are lost. */
export type LossModel =
  /** Each by itself, with one probability. */
  | { readonly kind: "bernoulli"; readonly rate: number }
  /** In bursts: a good state without loss and a bad one (Gilbert-Elliott), changing with these probabilities per packet. */
  | { readonly kind: "gilbert-elliott"; readonly toBad: number; readonly toGood: number; readonly lossInBad: number };

/** What one direction of a path does to packets. */
export interface LinkConditions {
  /** The one-way delay of every packet. */
  readonly delayMs: number;
  /** What is added to it at random, uniformly from 0 up to this. Packets overtake each other then. */
  readonly jitterMs?: number;
  readonly loss?: LossModel;
  /** The part of the packets that arrives twice. */
  readonly duplication?: number;
  /** The bottleneck's rate; none if absent. */
  readonly rateBps?: number;
  /** How much the bottleneck's queue holds; what finds it full is lost. */
  readonly queueMs?: number;
}

/** Conditions from a time on. */
export interface LinkStep extends LinkConditions {
  readonly atMs: number;
}

/** What a link did. */
export interface LinkCounts {
  readonly sent: number;
  readonly lost: number;
  readonly overflowed: number;
}

/** UDP and IP headers take their part of the rate too. */
const HEADER_BYTES = 28;

/** One direction of a path, seeded. Conditions change by steps, so a network is data. */
export class SimulatedLink {
  private readonly rng: Rng;
  private readonly start: Micros;
  private readonly steps: readonly LinkStep[];
  private isBad = false;
  private busyUntil = 0;
  private readonly counts = { sent: 0, lost: 0, overflowed: 0 };

  /** @param options - `start`: the time that the steps' `atMs` count from; `steps`: in order, the first at 0 */
  constructor({ seed, start, steps }: { seed: number; start: Micros; steps: readonly LinkStep[] }) {
    this.rng = new SeededRng(seed);
    this.start = start;
    this.steps = steps;
  }

  /** Sends a packet at `now`; when it arrives: once, never or twice. */
  send(now: Micros, sizeBytes: number): Micros[] {
    const conditions = this.conditionsAt(now);
    this.counts.sent += 1;
    const leaves = this.passBottleneck(now, sizeBytes, conditions);
    if (leaves === undefined) {
      this.counts.overflowed += 1;
      return [];
    }
    if (this.isLost(conditions.loss)) {
      this.counts.lost += 1;
      return [];
    }
    const copies = uniform(this.rng) < (conditions.duplication ?? 0) ? 2 : 1;
    return Array.from({ length: copies }, () => {
      const delayMs = conditions.delayMs + uniform(this.rng) * (conditions.jitterMs ?? 0);
      return later(leaves, micros(Math.round(millis(delayMs))));
    });
  }

  /** What the link did so far. */
  stats(): LinkCounts {
    return { ...this.counts };
  }

  private conditionsAt(now: Micros): LinkConditions {
    return this.steps.findLast(({ atMs }) => later(this.start, millis(atMs)) <= now) ?? this.steps[0]!;
  }

  private passBottleneck(now: Micros, sizeBytes: number, { rateBps, queueMs }: LinkConditions): Micros | undefined {
    if (rateBps === undefined) return now;
    const begins = Math.max(now, this.busyUntil);
    if (queueMs !== undefined && begins - now > millis(queueMs)) return undefined;
    this.busyUntil = begins + ((sizeBytes + HEADER_BYTES) * 8_000_000) / rateBps;
    return micros(Math.round(this.busyUntil));
  }

  private isLost(loss: LossModel | undefined): boolean {
    if (loss === undefined) return false;
    if (loss.kind === "bernoulli") return uniform(this.rng) < loss.rate;
    if (uniform(this.rng) < (this.isBad ? loss.toGood : loss.toBad)) this.isBad = !this.isBad;
    return this.isBad && uniform(this.rng) < loss.lossInBad;
  }
}
