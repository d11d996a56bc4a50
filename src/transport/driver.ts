import { now } from "../clock/index.js";
import { elapsed, type Micros, NEVER, toMillis } from "../core/index.js";

/** What a state machine of the core gives back when polled. */
export type Output<Transmit, Event> =
  | ({ readonly kind: "transmit" } & Transmit)
  | { readonly kind: "event"; readonly event: Event }
  | { readonly kind: "timeout"; readonly at: Micros };

/** A state machine of the core, as the driver sees it. */
export interface Endpoint<Input, Transmit, Event> {
  handleInput(now: Micros, input: Input | { readonly kind: "timeout" }): void;
  /** Called until it returns a timeout. */
  pollOutput(now: Micros): Output<Transmit, Event>;
}

/** Where a driver's outputs go. */
export interface DriverHandlers<Transmit, Event> {
  transmit(output: Transmit): void;
  event(event: Event): void;
  /** Nothing more is to be transmitted now: what was gathered can leave. */
  drained?(): void;
}

/**
 * Runs one state machine of the core in real time: the only place where the core's time comes from a clock and its
 * timeouts become timers.
 */
export class Driver<Input, Transmit, Event> {
  private readonly endpoint: Endpoint<Input, Transmit, Event>;
  private readonly handlers: DriverHandlers<Transmit, Event>;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private armedFor: Micros = NEVER;
  private pumping = false;
  private stopped = false;

  /** Starts at once: the endpoint's first outputs leave before the constructor returns. */
  constructor(endpoint: Endpoint<Input, Transmit, Event>, handlers: DriverHandlers<Transmit, Event>) {
    this.endpoint = endpoint;
    this.handlers = handlers;
    this.pump();
  }

  /** Hands an input to the state machine and carries out what follows from it. Safe to call from a handler. */
  input(input: Input): void {
    if (this.stopped) return;
    this.endpoint.handleInput(now(), input);
    this.pump();
  }

  /** Stops the timers; later inputs are ignored. */
  stop(): void {
    this.stopped = true;
    this.disarm();
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    try {
      let output = this.endpoint.pollOutput(now());
      while (output.kind !== "timeout") {
        if (output.kind === "transmit") this.handlers.transmit(output);
        else this.handlers.event(output.event);
        output = this.endpoint.pollOutput(now());
      }
      this.handlers.drained?.();
      if (!this.stopped) this.arm(output.at);
    } finally {
      this.pumping = false;
    }
  }

  /** One timer serves all: it is moved only when the next timeout comes earlier, and re-arms itself when it fires early. */
  private arm(at: Micros): void {
    if (at >= this.armedFor) return;
    this.disarm();
    if (at === NEVER) return;
    this.armedFor = at;
    const pauseMs = toMillis(elapsed(now(), at));
    // Rounded up: a timer that fires early only fires again.
    if (pauseMs <= 0) this.immediate = setImmediate(() => this.fire());
    else this.timer = setTimeout(() => this.fire(), Math.ceil(pauseMs));
  }

  private fire(): void {
    this.armedFor = NEVER;
    this.timer = undefined;
    this.immediate = undefined;
    this.endpoint.handleInput(now(), { kind: "timeout" });
    this.pump();
  }

  private disarm(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    this.timer = undefined;
    this.immediate = undefined;
    this.armedFor = NEVER;
  }
}
