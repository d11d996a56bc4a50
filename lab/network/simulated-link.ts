import { earliest, later, type Micros, micros, millis, NEVER, type Rng, SeededRng, uniform } from "sightline/core";
import { Bottleneck } from "./bottleneck.js";
import { Capacity, type CapacityModel, type CapacitySpan } from "./capacity.js";
import { type LossModel, LossProcess } from "./loss.js";

/** What one direction of a path does to packets. */
export interface LinkConditions {
  /** The one-way delay of every packet. */
  readonly delayMs: number;
  /** What is added to it at random, uniformly from 0 up to this. Packets overtake each other then. */
  readonly jitterMs?: number;
  readonly loss?: LossModel;
  /** The part of the packets that arrives twice. */
  readonly duplication?: number;
  /** The bottleneck's capacity; none if absent. */
  readonly rateBps?: CapacityModel;
  /** The longest wait in the bottleneck's queue: what would wait longer is lost. Absent: no bound. */
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

/** What becomes of a packet: when it arrives (once, never or twice), and if never, why. */
export interface Passage {
  readonly arrivals: readonly Micros[];
  readonly fate: "delivered" | "lost" | "overflowed";
}

/** A step's conditions, its end, and its capacity, which is drawn once for all. */
interface Phase {
  readonly conditions: LinkConditions;
  readonly from: Micros;
  readonly until: Micros;
  readonly capacity: Capacity | undefined;
}

/** One direction of a path, seeded. Conditions change by steps, so a network is data. */
export class SimulatedLink {
  private readonly rng: Rng;
  private readonly phases: readonly Phase[];
  private readonly bottleneck: Bottleneck;
  private readonly losses: LossProcess;
  private readonly counts = { sent: 0, lost: 0, overflowed: 0 };

  /** @param options - `start`: the time that the steps' `atMs` count from; `steps`: in order, the first at 0 */
  constructor({ seed, start, steps }: { seed: number; start: Micros; steps: readonly LinkStep[] }) {
    this.rng = new SeededRng(seed);
    this.losses = new LossProcess(this.rng);
    this.phases = steps.map((conditions, i) => ({
      conditions,
      from: later(start, millis(conditions.atMs)),
      until: steps[i + 1] === undefined ? NEVER : later(start, millis(steps[i + 1]!.atMs)),
      capacity: conditions.rateBps === undefined ? undefined : new Capacity(conditions.rateBps, { seed, start }),
    }));
    this.bottleneck = new Bottleneck((at) => this.capacityAt(at));
  }

  /** Sends a packet at `now`; when it arrives: once, never or twice. */
  send(now: Micros, sizeBytes: number): readonly Micros[] {
    return this.pass(now, sizeBytes).arrivals;
  }

  /** Sends a packet at `now`; what becomes of it. */
  pass(now: Micros, sizeBytes: number): Passage {
    const { conditions } = this.phaseAt(now);
    const { delayMs, jitterMs = 0, queueMs = Number.POSITIVE_INFINITY, duplication = 0, loss } = conditions;
    this.counts.sent += 1;
    const leaves = this.bottleneck.pass(now, { sizeBytes, queueMs });
    if (leaves === undefined) {
      this.counts.overflowed += 1;
      return { arrivals: [], fate: "overflowed" };
    }
    if (this.losses.next(loss)) {
      this.counts.lost += 1;
      return { arrivals: [], fate: "lost" };
    }
    const copies = uniform(this.rng) < duplication ? 2 : 1;
    const arrivals = Array.from({ length: copies }, () =>
      later(leaves, micros(Math.round(millis(delayMs + uniform(this.rng) * jitterMs)))),
    );
    return { arrivals, fate: "delivered" };
  }

  /** What its bottleneck carries at `at`, and until when; infinite without one. */
  capacityAt(at: Micros): CapacitySpan {
    const { capacity, until } = this.phaseAt(at);
    if (capacity === undefined) return { bitrateBps: Number.POSITIVE_INFINITY, until };
    const span = capacity.spanAt(at);
    return { bitrateBps: span.bitrateBps, until: earliest(span.until, until) };
  }

  /** How long a packet that is sent at `now` waits in the queue. */
  queueDelayAt(now: Micros): Micros {
    return this.bottleneck.waitAt(now);
  }

  /** What the link did so far. */
  stats(): LinkCounts {
    return { ...this.counts };
  }

  private phaseAt(at: Micros): Phase {
    return this.phases.findLast(({ from }) => from <= at) ?? this.phases[0]!;
  }
}
