import { SightlineError } from "../errors.js";

/** One line of a session description: `type=value` (RFC 8866 §5). */
export interface SdpLine {
  /** Where it stands, from 1. */
  readonly number: number;
  /** One letter. */
  readonly type: string;
  readonly value: string;
}

/** The lines for the whole session, or those from one `m=` line to the next. */
export type SdpSection = readonly SdpLine[];

const LONGEST_QUOTE = 60;

/**
 * Splits a session description into the session's section and one for each media description. Lines of another form are
 * skipped, such as the `SDP:` that ffmpeg prints first.
 */
export function splitSections(description: string): {
  readonly session: SdpSection;
  readonly media: readonly SdpSection[];
} {
  const session: SdpLine[] = [];
  const media: SdpLine[][] = [];
  for (const [index, raw] of description.split(/\r\n|\n|\r/).entries()) {
    const text = raw.trim();
    if (!/^[a-z]=/.test(text)) continue;
    const line: SdpLine = { number: index + 1, type: text[0]!, value: text.slice(2).trim() };
    if (line.type === "m") media.push([line]);
    else (media.at(-1) ?? session).push(line);
  }
  return { session, media };
}

/** The first line of a type in a section. */
export function findLine(section: SdpSection, type: string): SdpLine | undefined {
  return section.find((line) => line.type === type);
}

/** The values of the attributes (RFC 8866 §5.13) `a=name:value` of a section; "" for `a=name`. */
export function attributeValues(section: SdpSection, name: string): string[] {
  const prefix = `${name}:`;
  const values: string[] = [];
  for (const { type, value } of section) {
    if (type !== "a") continue;
    if (value === name) values.push("");
    else if (value.startsWith(prefix)) values.push(value.slice(prefix.length).trim());
  }
  return values;
}

/** The error for a line that cannot be read; `problem` ends the sentence "Line 3 of the session description …". */
export function lineError({ number, type, value }: SdpLine, problem: string): SightlineError {
  const text = `${type}=${value}`;
  const quote = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return new SightlineError("invalid-data", `Line ${number} of the session description ${problem}: ${quote}`);
}
