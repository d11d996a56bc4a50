import { writeJsonEvent } from "./json-events.js";
import { type OutputStream, StatusLine } from "./status-line.js";

/** The words for a command's events. */
export interface EventWords<Event> {
  /** The lines that tell of an event, or undefined if there is nothing to tell. */
  describe(event: Event): string | undefined;
  /** The new status line, if the event brings one. */
  status(event: Event): string | undefined;
}

/** Tells the user, or a program, what happens. */
export interface EventPrinter<Event> {
  /** Tells of one event. */
  show(event: Event): void;
  /** Leaves the terminal tidy. */
  end(): void;
}

/** How the user wants to be told. */
export interface PrinterOptions<Event> {
  /** One line of JSON an event, for programs. */
  readonly json?: boolean | undefined;
  /** Warnings only. */
  readonly quiet?: boolean | undefined;
  readonly out: OutputStream;
  readonly words: EventWords<Event>;
}

/** Makes the printer that the user asked for. */
export function createEventPrinter<Event extends { readonly kind: string }>(
  options: PrinterOptions<Event>,
): EventPrinter<Event> {
  const { json = false, quiet = false, out, words } = options;
  if (json) return { show: (event) => writeJsonEvent(out, event), end: () => {} };
  const line = new StatusLine(out);
  return {
    show(event) {
      const text = words.describe(event);
      if (text !== undefined && (!quiet || event.kind === "warning")) line.print(text);
      const status = quiet ? undefined : words.status(event);
      if (status !== undefined) line.update(status, performance.now());
    },
    end: () => line.clear(),
  };
}
