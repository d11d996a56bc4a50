import { type Rng, uniform } from "../../src/core/index.js";

/** What breaks parsers: empty, huge, negative, not a number, other alphabets, and what ends lines and strings. */
const NASTY = [
  "",
  "0",
  "-1",
  "65536",
  "99999999999999999999",
  "1e999",
  "NaN",
  "\0",
  "\r",
  "\n\n",
  "💣",
  "%s",
  "../..",
  "__proto__",
];
const LINES = [
  "v=0",
  "v=1",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "m=",
  "a=",
  "a=group:BUNDLE",
  "a=mid:0",
  "a=rejected",
  "c=IN IP4 x",
];
/** Lines or characters in a row; now and then far too many. */
const SOME = 50;
const FAR_TOO_MANY = 70_000;

/** Makes descriptions and requests that an attacker or a broken client may send: seeded, and often nearly right. */
export class HostileText {
  private readonly rng: Rng;
  private readonly originals: readonly string[];

  /** @param originals - real ones, which are mutated */
  constructor(rng: Rng, originals: readonly string[]) {
    this.rng = rng;
    this.originals = originals;
  }

  /** The next one: a real one with one to six mutations. */
  next(): string {
    let lines = this.pick(this.originals).split("\r\n");
    for (let i = 1 + this.integer(6); i > 0; i--) lines = this.mutate(lines);
    const ending = this.integer(10) === 0 ? this.pick(["\n", "\r", ""]) : "\r\n";
    const text = lines.join(ending);
    return this.integer(10) === 0 ? this.flipped(text) : text;
  }

  /** One of several. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(choices.length)]!;
  }

  /** An integer in 0 … `below` − 1. */
  integer(below: number): number {
    return Math.floor(uniform(this.rng) * below);
  }

  private mutate(lines: readonly string[]): string[] {
    if (lines.length === 0) return [this.pick(LINES)];
    const at = this.integer(lines.length);
    const other = this.integer(lines.length);
    const line = lines[at]!;
    const before = lines.slice(0, at);
    const after = lines.slice(at + 1);
    switch (this.integer(9)) {
      case 0: // a line is missing
        return [...before, ...after];
      case 1: // twice
        return [...before, line, line, ...after];
      case 2: // far too often
        return [...before, ...Array<string>(this.excess() >> 5).fill(line), ...after];
      case 3: // elsewhere
        return lines.with(at, lines[other]!).with(other, line);
      case 4: // cut short
        return [...before, line.slice(0, this.integer(line.length + 1)), ...after];
      case 5: // one word is another
        return [...before, this.withWord(line, this.pick(NASTY)), ...after];
      case 6: // one word is a long one
        return [...before, this.withWord(line, "A".repeat(this.excess())), ...after];
      case 7: // something is put in
        return [...before, this.pick(LINES), line, ...after];
      default: // the rest is missing
        return [...before, line];
    }
  }

  private excess(): number {
    return this.integer(this.integer(8) === 0 ? FAR_TOO_MANY : SOME);
  }

  private withWord(line: string, word: string): string {
    const words = line.split(/(?<=[\s:=/;,])/);
    return words.with(this.integer(words.length), word).join("");
  }

  private flipped(text: string): string {
    const at = this.integer(text.length);
    return `${text.slice(0, at)}${String.fromCharCode(this.integer(256))}${text.slice(at + 1)}`;
  }
}
