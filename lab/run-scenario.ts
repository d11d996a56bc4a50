import { elapsed, later, type Micros, micros, millis, parseRtcp, SeededRng, seconds, toMillis } from "sightline/core";
import { DEFAULT_MECHANISMS } from "./endpoints/session-options.js";
import { SimulatedSender } from "./endpoints/simulated-sender.js";
import { SimulatedViewer } from "./endpoints/simulated-viewer.js";
import { SimulatedLink } from "./network/simulated-link.js";
import { type PictureReport, reportPictures } from "./report/picture-report.js";
import { retainedBytes } from "./report/retained-bytes.js";
import { type TimelineBin, TimelineRecorder } from "./report/timeline.js";
import { type Scenario, type SenderPlan, STEADY_SOURCE, type TrafficPlan } from "./scenario.js";
import { OnOffFlow } from "./traffic/on-off-flow.js";
import { startTcp } from "./traffic/start-tcp.js";
import { VirtualTime } from "./virtual-time.js";

/** What the viewer of a scenario saw, and what it took. */
export interface ScenarioReport extends PictureReport {
  /** Packets that the viewer asked for, repeats included. */
  readonly packetsRequested: number;
  /** Requests that it sent, for packets and for keyframes. */
  readonly nacks: number;
  readonly plis: number;
  readonly packetsSent: number;
  readonly packetsRetransmitted: number;
  /** Media, repairs and reports that the forward link lost. */
  readonly packetsLost: number;
  /** The viewer's events, each with its time in milliseconds after the start. */
  readonly events: readonly string[];
  /** All but new target bitrates. */
  readonly senderEvents: readonly string[];
  readonly timeline: readonly TimelineBin[];
  /** The most memory that the last sender and the viewer held on to, as far as `memoryEveryMs` let it be seen. */
  readonly senderBytes: number;
  readonly viewerBytes: number;
}

/** When a scenario starts. */
export const START = seconds(1_700_000_000);
const VIEWER_SEED = 77;
/** Seeds of senders and of others who send are that far apart. */
const SEEDS = 100;

/** How a scenario is watched. */
export interface RunOptions {
  /** How often the memory that sender and viewer hold on to is counted, which takes time; default: never. */
  readonly memoryEveryMs?: number;
}

/** Runs a scenario in virtual time. */
export function runScenario(scenario: Scenario, options: RunOptions = {}): ScenarioReport {
  return new Run(scenario, options).report();
}

class Run {
  private readonly scenario: Scenario;
  private readonly time = new VirtualTime(START);
  private readonly forward: SimulatedLink;
  private readonly backward: SimulatedLink;
  private readonly timeline: TimelineRecorder;
  private readonly senders: { readonly plan: SenderPlan; readonly sender: SimulatedSender }[] = [];
  private readonly feedback = { packetsRequested: 0, nacks: 0, plis: 0 };
  private readonly memory = { senderBytes: 0, viewerBytes: 0 };
  private viewer: SimulatedViewer | undefined;

  constructor(scenario: Scenario, { memoryEveryMs }: RunOptions) {
    const { durationMs, seed = 1, forward, backward = forward, crossTraffic = [] } = scenario;
    const { senders = [{ address: "sender" }] } = scenario;
    this.scenario = scenario;
    this.forward = new SimulatedLink({ seed: seed * 2, start: START, steps: forward });
    this.backward = new SimulatedLink({ seed: seed * 2 + 1, start: START, steps: backward });
    const { time } = this;
    this.timeline = new TimelineRecorder(time, { link: this.forward, look: () => this.lookAtSender() });
    time.schedule(at(scenario.viewerJoinsAtMs ?? 0), () => this.startViewer());
    for (const [i, plan] of senders.entries()) {
      time.schedule(at(plan.startsAtMs ?? 0), () => this.startSender(plan, seed * SEEDS + i));
    }
    for (const [i, plan] of crossTraffic.entries()) {
      time.schedule(at(plan.startsAtMs ?? 0), () => this.startTraffic(plan, seed * SEEDS + SEEDS / 2 + i));
    }
    if (memoryEveryMs !== undefined) this.weigh(memoryEveryMs);
    time.runUntil(at(durationMs));
  }

  /** What came of it. */
  report(): ScenarioReport {
    const { senders, time } = this;
    const captured = senders.flatMap(({ plan, sender }) => sender.frames.map((frame) => ({ by: plan.address, frame })));
    const { deliveries, events } = this.viewer!;
    const joinedAt = at(this.scenario.viewerJoinsAtMs ?? 0);
    const { lost, overflowed } = this.forward.stats();
    return {
      ...reportPictures({ captured, deliveries, joinedAt, end: time.now }),
      ...this.feedback,
      ...this.memory,
      packetsSent: sum(senders, ({ sender }) => sender.stats().packetsSent),
      packetsRetransmitted: sum(senders, ({ sender }) => sender.stats().packetsRetransmitted),
      packetsLost: lost + overflowed,
      events: events.map((entry) => `${entry.event.kind} ${Math.round(toMillis(elapsed(START, entry.at)))}`),
      senderEvents: senders.flatMap(({ sender }) =>
        sender.events.flatMap(({ kind }) => (kind === "target-bitrate" ? [] : [kind])),
      ),
      timeline: this.timeline.bins,
    };
  }

  private startViewer(): void {
    const { time } = this;
    this.viewer = new SimulatedViewer(time, {
      seed: VIEWER_SEED,
      transmit: (datagram, remote) => {
        this.countFeedback(datagram);
        for (const arrival of this.backward.send(time.now, datagram.length)) {
          time.schedule(arrival, () => this.senderAt(remote)?.receive(datagram));
        }
      },
    });
  }

  private startSender(plan: SenderPlan, seed: number): void {
    const { time } = this;
    const sender = new SimulatedSender(time, {
      seed,
      source: plan.source ?? STEADY_SOURCE,
      rtx: plan.rtx ?? true,
      mechanisms: this.scenario.mechanisms ?? DEFAULT_MECHANISMS,
      transmit: (datagram) => {
        const passage = this.forward.pass(time.now, datagram.length);
        this.timeline.onSent(datagram, passage);
        for (const arrival of passage.arrivals) {
          time.schedule(arrival, () => this.viewer?.receive(datagram, plan.address));
        }
      },
    });
    this.senders.push({ plan, sender });
    if (plan.stops !== undefined) time.schedule(at(plan.stops.atMs), () => sender.stop(plan.stops!.how));
  }

  private startTraffic({ traffic, stopsAtMs }: TrafficPlan, seed: number): void {
    const { time } = this;
    const until = at(stopsAtMs ?? this.scenario.durationMs);
    const send = (sizeBytes: number): readonly Micros[] => {
      if (time.now >= until) return [];
      this.timeline.onCrossTraffic(sizeBytes);
      return this.forward.send(time.now, sizeBytes);
    };
    if (traffic.kind === "on-off") {
      new OnOffFlow(time, traffic, { rng: new SeededRng(seed), until, send });
    } else {
      const backward = (sizeBytes: number) => this.backward.send(time.now, sizeBytes);
      startTcp(time, { kind: traffic.variant, forward: send, backward });
    }
  }

  /** The one that runs there now. */
  private senderAt(address: string): SimulatedSender | undefined {
    return this.senders.findLast(({ plan }) => plan.address === address)?.sender;
  }

  private lookAtSender() {
    const stats = this.senders.at(-1)?.sender.stats();
    return { targetBps: stats?.targetBitrateBps, pacerPackets: stats?.pacerQueuePackets ?? 0 };
  }

  private countFeedback(datagram: Uint8Array): void {
    for (const packet of parseRtcp(datagram) ?? []) {
      if (packet.kind === "pli") this.feedback.plis += 1;
      if (packet.kind !== "nack") continue;
      this.feedback.nacks += 1;
      this.feedback.packetsRequested += packet.lost.length;
    }
  }

  private weigh(everyMs: number): void {
    const { memory, time } = this;
    time.schedule(later(time.now, millis(everyMs)), () => {
      memory.senderBytes = Math.max(memory.senderBytes, retainedBytes(this.senders.at(-1)?.sender.sender));
      memory.viewerBytes = Math.max(memory.viewerBytes, retainedBytes(this.viewer?.receiver));
      this.weigh(everyMs);
    });
  }
}

function at(ms: number): Micros {
  return later(START, micros(Math.round(millis(ms))));
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
