import type { Command } from "commander";
import { SightlineError } from "../../core/index.js";
import type { WatchOptions } from "../../pipeline/index.js";
import { type Choice, chooseShare, terminalAsker } from "../choose-share.js";
import { addEventOptions, type CommonFlags } from "../common-options.js";
import { createEventPrinter } from "../event-printer.js";
import { throwIfFailed } from "../exit.js";
import { userInterruption } from "../interruption.js";
import { addKeyOptions, type KeyFlags, readKey } from "../key-flags.js";
import { watchWords } from "../watch-words.js";

interface WatchFlags extends CommonFlags, KeyFlags {
  readonly window: boolean;
  readonly fullscreen?: boolean;
  readonly title?: string;
  readonly record?: string;
  readonly snapshot?: string;
  readonly frames?: string;
  readonly interface?: string;
  readonly source?: string;
  readonly stream?: string;
  readonly pin?: string;
  readonly insecure?: boolean;
}

const TARGETS = `
Targets:
  http://192.168.1.20:8080/?token=…   a link that somebody shares, as it was printed
  https://HOST/whep/STREAM?token=…    any other WHEP server
  :5004               the port that somebody shares to
  192.168.1.20:5004   the same, on one of this machine's addresses
  239.1.2.3:5004      a multicast group
  FILE.sdp            a session description that another sender wrote
  jpeg://:5005        one JPEG a datagram
  (none)              what is shared on this network; if that is nothing, :5004

In the window: q or Esc ends, f full screen, s snapshot, i figures.`;

const EXAMPLES = `
Examples:
  sightline watch                                   show what is shared on this network
  sightline watch "http://192.168.1.20:8080/?token=…"   or by a link (quoted, because of the question mark)
  sightline watch :5004 --record talk.mkv           and keep it, as it came
  sightline watch :5004 --snapshot now.png --no-window   one picture, then done
  sightline watch --frames - --no-window | ffmpeg -f rawvideo -pix_fmt yuv420p -s 1280x720 -i - out.gif`;

/** Where `share --to` sends as a rule. */
const DEFAULT_TARGET = ":5004";

/** Adds `sightline watch`. */
export function addWatchCommand(program: Command): void {
  const command = program
    .command("watch")
    .summary("show what somebody shares")
    .description("Shows a live stream in a window; records it or hands its pictures on.")
    .argument("[target]", "a link, or where the stream arrives, see below")
    .optionsGroup("Window:")
    .option("--fullscreen", "start in full screen")
    .option("--title <TEXT>", "the window's title")
    .option("--no-window", "show nothing; needs another output")
    .optionsGroup("Other outputs:")
    .option("--record <FILE>", "write the stream as it comes (.mkv, .mp4)")
    .option("--snapshot <FILE>", "write the first picture as PNG")
    .option("--frames <FILE|->", "write raw pictures to a file or standard output")
    .optionsGroup("Links:")
    .option("--stream <NAME>", "of several streams behind a link, this one (default: the first)")
    .option("--pin <CODE>", "for a link that asks for six digits")
    .option("--insecure", "take any TLS certificate, such as one of the sender's own")
    .optionsGroup("Network:");
  addKeyOptions(command, "the key that the stream was shared with")
    .option("--interface <NAME|ADDRESS>", "network interface to join a multicast group on")
    .option("--source <ADDRESS>", "hear only this sender of a multicast group");
  addEventOptions(command).addHelpText("after", TARGETS).addHelpText("after", EXAMPLES).action(runWatch);
}

async function runWatch(target: string | undefined, flags: WatchFlags): Promise<void> {
  const { json, quiet, debug, keyFile, ...sameNames } = flags;
  const key = readKey(flags);
  if (!flags.window && [flags.record, flags.snapshot, flags.frames].every((output) => output === undefined)) {
    throw new SightlineError("invalid-argument", "--no-window shows nothing: add --record, --snapshot or --frames");
  }
  const { watch } = await import("../../pipeline/index.js");
  const out = flags.frames === "-" ? process.stderr : process.stdout;
  const printer = createEventPrinter({ json, quiet, out, words: watchWords });
  const { url, ...access } = target === undefined ? await findTarget(flags) : { url: target };
  const options: WatchOptions = {
    ...sameNames,
    ...access,
    ...(key !== undefined && { key }),
    signal: userInterruption(),
    onEvent: (event) => printer.show(event),
  };
  try {
    const running = await watch(url, options);
    throwIfFailed(await running.ended);
  } finally {
    printer.end();
  }
}

async function findTarget({ pin, json, quiet }: WatchFlags): Promise<Choice> {
  const { findShares } = await import("../../pipeline/index.js");
  const chosen = await chooseShare(await findShares(), terminalAsker(), pin);
  if (chosen !== undefined) return chosen;
  if (!json && !quiet) process.stderr.write("Nothing is shared on this network by a link.\n");
  return { url: DEFAULT_TARGET };
}
