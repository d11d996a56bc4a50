import { expect, test } from "vitest";
import { later, type Micros, millis, NEVER } from "../core/index.js";
import { Driver, type Endpoint, type Output } from "./driver.js";

/** Transmits each input once, and reports when a deadline set by an input is reached. */
class Echo
  implements Endpoint<{ kind: "say"; text: string; after: Micros }, { text: string }, { firedAt: Micros; due: Micros }>
{
  private readonly outputs: Output<{ text: string }, { firedAt: Micros; due: Micros }>[] = [];
  private due: Micros = NEVER;

  handleInput(now: Micros, input: { kind: "say"; text: string; after: Micros } | { kind: "timeout" }): void {
    if (input.kind === "say") {
      this.outputs.push({ kind: "transmit", text: input.text });
      this.due = later(now, input.after);
    } else if (now >= this.due) {
      this.outputs.push({ kind: "event", event: { firedAt: now, due: this.due } });
      this.due = NEVER;
    }
  }

  pollOutput() {
    return this.outputs.shift() ?? ({ kind: "timeout", at: this.due } as const);
  }
}

test.each([0.05, 3])("outputs leave in order and a deadline %d ms away fires once, never early", async (afterMs) => {
  const sent: string[] = [];
  const fired = await new Promise<{ firedAt: Micros; due: Micros }>((resolve) => {
    const driver: Driver<
      { kind: "say"; text: string; after: Micros },
      { text: string },
      { firedAt: Micros; due: Micros }
    > = new Driver(new Echo(), { transmit: ({ text }) => sent.push(text), event: resolve });
    driver.input({ kind: "say", text: "a", after: millis(60_000) });
    driver.input({ kind: "say", text: "b", after: millis(afterMs) });
  });
  expect(sent).toEqual(["a", "b"]);
  expect(fired.firedAt).toBeGreaterThanOrEqual(fired.due);
});

test("the handler is told once after all that leaves together", () => {
  const calls: string[] = [];
  const driver: Driver<{ kind: "say"; text: string; after: Micros }, { text: string }, unknown> = new Driver(
    new Echo(),
    {
      transmit: ({ text }) => {
        if (text === "a") driver.input({ kind: "say", text: "b", after: NEVER });
        calls.push(text);
      },
      event: () => {},
      drained: () => calls.push("drained"),
    },
  );
  driver.input({ kind: "say", text: "a", after: NEVER });
  driver.stop();
  expect(calls).toEqual(["drained", "a", "b", "drained"]);
});

test("an input from within a handler is carried out after the current output", () => {
  const sent: string[] = [];
  let driver: Driver<{ kind: "say"; text: string; after: Micros }, { text: string }, unknown> | undefined;
  driver = new Driver(new Echo(), {
    transmit: ({ text }) => {
      if (text === "first") driver?.input({ kind: "say", text: "second", after: NEVER });
      sent.push(text);
    },
    event: () => {},
  });
  driver.input({ kind: "say", text: "first", after: NEVER });
  driver.stop();
  driver.input({ kind: "say", text: "ignored", after: NEVER });
  expect(sent).toEqual(["first", "second"]);
});
