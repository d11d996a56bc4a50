import { later, type Micros, millis, NEVER } from "sightline/core";
import type { VirtualTime } from "../virtual-time.js";

/** More outputs than this after one input are an endpoint that never ends. */
const MAX_OUTPUTS = 100_000;
/** A real driver wakes up to so much late: timers of Node have a resolution of a millisecond. */
const WAKE_DELAY = millis(1);

/** A state machine of the core. */
export interface Endpoint<Input, Output> {
  handleInput(now: Micros, input: Input | { readonly kind: "timeout" }): void;
  pollOutput(now: Micros): Output | { readonly kind: "timeout"; readonly at: Micros };
}

/** Drives a state machine in virtual time as a driver does in real time, and checks that it keeps to the drain rule. */
export class SimulatedEndpoint<Input, Output extends { readonly kind: "transmit" | "event" }> {
  private readonly time: VirtualTime;
  private readonly endpoint: Endpoint<Input, Output>;
  private readonly onOutput: (output: Output) => void;
  private armedFor: Micros = NEVER;

  constructor(time: VirtualTime, endpoint: Endpoint<Input, Output>, onOutput: (output: Output) => void) {
    this.time = time;
    this.endpoint = endpoint;
    this.onOutput = onOutput;
    this.drain();
  }

  /** Hands over an input and carries out what follows. */
  input(input: Input): void {
    this.endpoint.handleInput(this.time.now, input);
    this.drain();
  }

  private drain(): void {
    const { now } = this.time;
    for (let outputs = 0; outputs < MAX_OUTPUTS; outputs++) {
      const output = this.endpoint.pollOutput(now);
      if (output.kind === "timeout") {
        if (!(output.at > now))
          throw new Error(`A drained endpoint wants to be woken at ${output.at}, not after ${now}.`);
        this.arm(output.at);
        return;
      }
      this.onOutput(output);
    }
    throw new Error(`${MAX_OUTPUTS} outputs and no timeout.`);
  }

  private arm(at: Micros): void {
    if (at >= this.armedFor) return;
    this.armedFor = at;
    this.time.schedule(later(at, WAKE_DELAY), () => {
      if (this.armedFor !== at) return;
      this.armedFor = NEVER;
      this.endpoint.handleInput(this.time.now, { kind: "timeout" });
      this.drain();
    });
  }
}
