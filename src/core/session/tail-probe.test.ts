import { expect, test } from "vitest";
import { later, type Micros, millis, NEVER, seconds } from "../time.js";
import { TailProbe } from "./tail-probe.js";

const START = seconds(1_000);
const at = (ms: number) => later(START, millis(ms));

/** When a sender probes that sends one packet at the start and is polled at its timeouts. */
function probeTimes(probe: TailProbe): Micros[] {
  const times: Micros[] = [];
  for (let next = probe.nextTimeout(); next !== NEVER; next = probe.nextTimeout()) {
    if (probe.poll(next)) times.push(next);
  }
  return times;
}

test("on a clean path a pause is probed, and a stream at 25 frames per second is not", () => {
  const probe = new TailProbe();
  for (let ms = 0; ms <= 200; ms += 40) {
    expect(probe.poll(at(ms))).toBe(false);
    probe.onSent(at(ms));
  }
  expect(probeTimes(probe)).toEqual([at(245), at(300)]);
});

test("on a lossy path every frame's end is probed soon, until nothing was missed for ten seconds", () => {
  const probe = new TailProbe();
  probe.onLoss(at(0));
  probe.onSent(at(9_999));
  expect(probeTimes(probe)).toEqual([at(10_004), at(10_019), at(10_059)]);
  probe.onSent(at(10_000));
  expect(probeTimes(probe)).toEqual([at(10_045), at(10_100)]);
});

test("one that is polled late probes once", () => {
  const probe = new TailProbe();
  expect(probe.nextTimeout()).toBe(NEVER);
  probe.onSent(at(0));
  expect([probe.poll(at(500)), probe.poll(at(600))]).toEqual([true, false]);
});
