import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { ShareEvent, WatchEvent } from "../../src/pipeline/index.js";
import { Program, type ProgramEnd, type ProgramOptions } from "./program.js";

/** The built command line's main module. */
export const SIGHTLINE = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

type Events = { readonly share: ShareEvent; readonly watch: WatchEvent };
type EventOf<Command extends keyof Events, Kind> = Extract<Events[Command], { readonly kind: Kind }>;

interface Waiter<Event> {
  accepts(event: Event): boolean;
  resolve(event: Event): void;
  reject(error: Error): void;
}

/** Options of {@link startSightline}. */
export interface SightlineOptions extends ProgramOptions {
  /** The X display to use; none if left out. */
  readonly display?: string | undefined;
  /** The program, with its first arguments, that runs it: `nsenter …`. */
  readonly within?: readonly string[];
}

/** The built command line at work: `sightline share` or `sightline watch`, with its events. */
export class Sightline<Command extends keyof Events> {
  readonly program: Program;
  readonly events: Events[Command][] = [];
  private readonly waiters = new Set<Waiter<Events[Command]>>();
  private rest = "";

  constructor(command: Command, args: readonly string[], options: SightlineOptions = {}) {
    const { display, within = [], env = {}, ...others } = options;
    const [program = "", ...words] = [...within, process.execPath, SIGHTLINE, command, ...args, "--json"];
    const surroundings = { DISPLAY: display, WAYLAND_DISPLAY: undefined, ...env };
    this.program = new Program(program, words, { ...others, env: surroundings });
    this.program.onOutput((data) => this.read(String(data)));
    void this.program.ended.then(({ code, signal }) => {
      const reason = `sightline ${command} ended with ${code ?? signal}: ${this.program.stderr}`;
      for (const { reject } of this.waiters) reject(new Error(`${reason}\n${JSON.stringify(this.events)}`));
    });
  }

  /** The next event of a kind, or the first that has happened already. */
  async event<Kind extends Events[Command]["kind"]>(
    kind: Kind,
    accepts: (event: EventOf<Command, Kind>) => boolean = () => true,
  ): Promise<EventOf<Command, Kind>> {
    const fits = (event: Events[Command]) => event.kind === kind && accepts(event as EventOf<Command, Kind>);
    const past = this.events.find(fits);
    if (past) return past as EventOf<Command, Kind>;
    const event = new Promise<Events[Command]>((resolve, reject) => {
      this.waiters.add({ accepts: fits, resolve, reject });
    });
    return (await event) as EventOf<Command, Kind>;
  }

  /** Forgets what has happened, so that {@link event} waits for what comes. */
  forget(): void {
    this.events.length = 0;
  }

  /** Waits until it ends, with what it wrote to standard error. */
  async end(): Promise<ProgramEnd & { readonly stderr: string }> {
    const end = await this.program.ended;
    return { ...end, stderr: this.program.stderr };
  }

  /** Ends it as Ctrl-C does. */
  async interrupt(): Promise<ProgramEnd & { readonly stderr: string }> {
    this.program.kill("SIGINT");
    return this.end();
  }

  private read(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) {
      const event = JSON.parse(line) as Events[Command];
      this.events.push(event);
      for (const waiter of this.waiters) {
        if (!waiter.accepts(event)) continue;
        this.waiters.delete(waiter);
        waiter.resolve(event);
      }
    }
  }
}

/** Starts `sightline share` or `watch` with `--json`; it is killed when the test ends. */
export function startSightline<Command extends keyof Events>(
  command: Command,
  args: readonly string[],
  options: SightlineOptions = {},
): Sightline<Command> {
  const sightline = new Sightline(command, args, options);
  if (!options.outlivesTest) onTestFinished(() => sightline.program.stop());
  return sightline;
}
