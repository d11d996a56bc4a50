import { elapsed, later, type Micros, millis, parseRtcp, type RtcpPacket, seconds, toMillis } from "sightline/core";
import { SimulatedSender, type SourceModel } from "./endpoints/simulated-sender.js";
import { SimulatedViewer } from "./endpoints/simulated-viewer.js";
import { type LinkStep, SimulatedLink } from "./network/simulated-link.js";
import { type PictureReport, reportPictures } from "./report/picture-report.js";
import { VirtualTime } from "./virtual-time.js";

/** A sender's part in a scenario. */
export interface SenderPlan {
  /** Where it sends from; the same address again is a program that was started again. */
  readonly address: string;
  readonly startsAtMs?: number;
  readonly stops?: { readonly atMs: number; readonly how: "goodbye" | "crash" };
  readonly source?: Partial<SourceModel>;
  readonly rtx?: boolean;
}

/** A network and who uses it, as data. */
export interface Scenario {
  readonly name: string;
  readonly durationMs: number;
  readonly seed?: number;
  /** Default: one sender for the whole time. */
  readonly senders?: readonly SenderPlan[];
  readonly viewerJoinsAtMs?: number;
  /** From the senders to the viewer. */
  readonly forward: readonly LinkStep[];
  /** Default: as `forward`. */
  readonly backward?: readonly LinkStep[];
}

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
  readonly senderEvents: readonly string[];
}

const START = seconds(1_700_000_000);
const DEFAULT_SOURCE: SourceModel = { fps: 30, frameBytes: 10_000, keyframeBytes: 60_000 };
const VIEWER_SEED = 77;

/** Runs a scenario in virtual time. */
export function runScenario(scenario: Scenario): ScenarioReport {
  const { durationMs, seed = 1, forward, backward = forward, senders = [{ address: "sender" }] } = scenario;
  const time = new VirtualTime(START);
  const out = new SimulatedLink({ seed: seed * 2, start: START, steps: forward });
  const back = new SimulatedLink({ seed: seed * 2 + 1, start: START, steps: backward });
  const running = new Map<string, SimulatedSender>();
  const all: { readonly plan: SenderPlan; readonly sender: SimulatedSender }[] = [];
  const feedback: RtcpPacket[] = [];
  let viewer: SimulatedViewer | undefined;

  time.schedule(at(scenario.viewerJoinsAtMs ?? 0), () => {
    viewer = new SimulatedViewer(time, {
      seed: VIEWER_SEED,
      transmit: (datagram, remote) => {
        feedback.push(...(parseRtcp(datagram) ?? []));
        for (const arrival of back.send(time.now, datagram.length)) {
          time.schedule(arrival, () => running.get(remote)?.receive(datagram));
        }
      },
    });
  });
  for (const [index, plan] of senders.entries()) {
    time.schedule(at(plan.startsAtMs ?? 0), () => {
      const sender = new SimulatedSender(time, {
        seed: seed * 100 + index,
        source: { ...DEFAULT_SOURCE, ...plan.source },
        transmit: (datagram) => {
          for (const arrival of out.send(time.now, datagram.length)) {
            time.schedule(arrival, () => viewer?.receive(datagram, plan.address));
          }
        },
        rtx: plan.rtx ?? true,
      });
      running.set(plan.address, sender);
      all.push({ plan, sender });
      if (plan.stops !== undefined) time.schedule(at(plan.stops.atMs), () => sender.stop(plan.stops!.how));
    });
  }
  time.runUntil(at(durationMs));

  const captured = all.flatMap(({ plan, sender }) => sender.frames.map((frame) => ({ by: plan.address, frame })));
  const { deliveries, events } = viewer!;
  return {
    ...reportPictures({ captured, deliveries, joinedAt: at(scenario.viewerJoinsAtMs ?? 0), end: time.now }),
    packetsRequested: sum(feedback, (packet) => (packet.kind === "nack" ? packet.lost.length : 0)),
    nacks: sum(feedback, ({ kind }) => (kind === "nack" ? 1 : 0)),
    plis: sum(feedback, ({ kind }) => (kind === "pli" ? 1 : 0)),
    packetsSent: sum(all, ({ sender }) => sender.stats().packetsSent),
    packetsRetransmitted: sum(all, ({ sender }) => sender.stats().packetsRetransmitted),
    packetsLost: out.stats().lost + out.stats().overflowed,
    events: events.map(({ at: happened, event }) => `${event.kind} ${Math.round(toMillis(elapsed(START, happened)))}`),
    senderEvents: all.flatMap(({ sender }) => sender.events.map(({ kind }) => kind)),
  };
}

function at(ms: number): Micros {
  return later(START, millis(ms));
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
