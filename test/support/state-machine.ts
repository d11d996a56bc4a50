import { expect } from "vitest";
import { later, type Micros, millis, seconds } from "../../src/core/time.js";

/** When tests of state machines begin. */
export const START = seconds(1_700_000_000);

/** So many ms after {@link START}. */
export function at(ms: number): Micros {
  return later(START, millis(ms));
}

interface Timeout {
  readonly kind: "timeout";
  readonly at: Micros;
}

interface StateMachine<Output> {
  pollOutput(now: Micros): Output | Timeout;
}

/** Polls as the drain rule says, and checks that the state machine keeps to it. */
export function drainOutputs<Output extends { readonly kind: string }>(
  machine: StateMachine<Output>,
  now: Micros,
): { readonly outputs: Output[]; readonly timeout: Micros } {
  const outputs: Output[] = [];
  for (;;) {
    const output = machine.pollOutput(now);
    if (isTimeout(output)) {
      expect(output.at).toBeGreaterThan(now);
      expect(machine.pollOutput(now)).toEqual(output);
      return { outputs, timeout: output.at };
    }
    outputs.push(output);
  }
}

/** Wakes a state machine at each of its timeouts until `end`, and returns what came with its times in ms after the start. */
export function wakeUntil<Drained extends { readonly timeout: Micros }>(
  from: Micros,
  end: Micros,
  wake: (now: Micros) => Drained,
): { ms: number; drained: Drained }[] {
  const steps: { ms: number; drained: Drained }[] = [];
  for (let now = from; now <= end; ) {
    const drained = wake(now);
    steps.push({ ms: (now - START) / 1_000, drained });
    now = drained.timeout;
  }
  return steps;
}

function isTimeout(output: { readonly kind: string }): output is Timeout {
  return output.kind === "timeout";
}
