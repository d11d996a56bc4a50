import { earliest, type Micros, NEVER } from "../time.js";

/** All timers of a session by name; the next timeout is the earliest of them. */
export class TimerTable<Name extends string> {
  private readonly deadlines: Record<Name, Micros>;
  private readonly names: readonly Name[];

  /** @param names - every timer there is; none is set at first */
  constructor(names: readonly Name[]) {
    this.names = names;
    this.deadlines = Object.fromEntries(names.map((name) => [name, NEVER])) as Record<Name, Micros>;
  }

  /** Sets a timer, or moves it; `NEVER` clears it. */
  set(name: Name, at: Micros): void {
    this.deadlines[name] = at;
  }

  /** Whether the timer's time has come. It stays due until it is set anew. */
  isDue(name: Name, now: Micros): boolean {
    return this.deadlines[name] <= now;
  }

  /** When the earliest timer is due; `NEVER` if none is set. */
  next(): Micros {
    let next = NEVER;
    for (const name of this.names) next = earliest(next, this.deadlines[name]);
    return next;
  }
}
