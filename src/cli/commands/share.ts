import { type Command, Option } from "commander";
import type { ShareOptions } from "../../pipeline/index.js";
import { addEventOptions, type CommonFlags } from "../common-options.js";
import { createEventPrinter } from "../event-printer.js";
import { throwIfFailed } from "../exit.js";
import { userInterruption } from "../interruption.js";
import { addKeyOptions, type KeyFlags, readKey } from "../key-flags.js";
import { addLinkOptions, type LinkFlags, linkOptions } from "../link-flags.js";
import { collect, parseBitrate, parseSize, wholeNumber } from "../option-values.js";
import { drawQrCode } from "../qr-code.js";
import { shareWords } from "../share-words.js";

interface ShareFlags extends CommonFlags, LinkFlags, KeyFlags {
  readonly name?: string;
  readonly to?: readonly string[];
  readonly sdp?: string;
  readonly fps?: number;
  readonly size?: { width: number; height: number };
  readonly bitrate?: number;
  readonly codec?: "h264" | "mjpeg";
  readonly profile?: "screen" | "camera";
  readonly degrade?: "fps" | "size" | "off";
  readonly encoder?: string;
  readonly loop?: boolean;
  readonly ttl?: number;
  readonly interface?: string;
  readonly still: boolean;
  /** False: `--no-pointer`. */
  readonly pointer?: "stream" | "burn" | "off" | false;
}

const SOURCES = `
Sources:
  screen                 the whole desktop; screen:1 is the second monitor
  screen:100,50,800x600  a part of it: X,Y,WIDTHxHEIGHT
  window:TITLE           the first window whose title contains TITLE
  camera                 the first camera; camera:NAME another (see: sightline devices)
  test                   a moving test pattern
  FILE or URL            a video file or stream
  (none)                 the screen if there is a display, else a camera, else the test pattern
Several become several streams behind one link.`;

const EXAMPLES = `
Examples:
  sightline share                                 the screen: prints a link that opens in any browser
  sightline share screen camera --name "Lab 2"    both, behind one link
  sightline share --pin                           who watches types six digits
  sightline share --to 192.168.1.20:5004          to one viewer without a link (type sightline watch :5004 there)
  sightline share --to 239.1.2.3:5004             to everyone on the network (multicast)
  sightline share --to 239.1.2.3:5004 --key "four random words"   only to those who know the key
  sightline share talk.mp4 --loop                 a file, again and again
  sightline share --to 127.0.0.1:5004 --sdp screen.sdp   for ffplay, VLC or GStreamer: open screen.sdp there
  sightline share camera --codec mjpeg --to jpeg://192.168.1.20:5005   one JPEG a datagram`;

/** Adds `sightline share`. */
export function addShareCommand(program: Command): void {
  const command = program
    .command("share")
    .summary("send a screen, window, camera or file")
    .description(
      "Shares screens, windows, cameras or files: by a link that opens in any browser, or to given addresses.",
    )
    .argument("[sources...]", "what to share, see below")
    .option("--name <NAME>", "what viewers see (default: what the source is called)");
  addLinkOptions(command)
    .optionsGroup("Addresses (instead of a link):")
    .option("--to <HOST:PORT>", "viewer or multicast group; may be repeated", collect);
  addKeyOptions(command, "encrypt what --to sends")
    .option("--sdp <FILE>", "write a session description for other players")
    .option("--interface <NAME|ADDRESS>", "network interface for multicast")
    .option("--ttl <N>", "routers that multicast may cross (default 1)", wholeNumber("a TTL", { min: 0, max: 255 }))
    .optionsGroup("Picture:")
    .option("--fps <N>", "most pictures a second (default 30)", wholeNumber("a frame rate", { min: 1, max: 240 }))
    .option("--size <WxH>", "scale to this size", parseSize)
    .option("--bitrate <RATE>", "most that video may take: 800k, 8M", parseBitrate)
    .addOption(new Option("--codec <NAME>", "how to code it (default h264)").choices(["h264", "mjpeg"]))
    .addOption(
      new Option("--profile <NAME>", "favour sharp text or smooth motion (default: by source)").choices([
        "screen",
        "camera",
      ]),
    )
    .addOption(
      new Option("--degrade <WHAT>", "what gives way first on a thin path (default: by profile)").choices([
        "fps",
        "size",
        "off",
      ]),
    )
    .option("--encoder <NAME>", "an FFmpeg encoder, such as h264_nvenc")
    .option("--loop", "start a file again when it ends")
    .option("--no-still", "do not send what is still on a screen once more without loss")
    .addOption(
      new Option(
        "--pointer <HOW>",
        "the mouse pointer: sent beside the picture, painted into it, left out (default stream)",
      ).choices(["stream", "burn", "off"]),
    )
    .option("--no-pointer", "the same as --pointer off");
  addEventOptions(command).addHelpText("after", SOURCES).addHelpText("after", EXAMPLES).action(runShare);
}

async function runShare(source: readonly string[], flags: ShareFlags): Promise<void> {
  const { sdp, bitrate, json, quiet, debug, ...others } = flags;
  const {
    port,
    open,
    newLink,
    pin,
    tls,
    tlsCert,
    tlsKey,
    announce,
    maxViewers,
    keyFile,
    pointer,
    degrade,
    ...sameNames
  } = others;
  const key = readKey(flags);
  const link = linkOptions(flags, flags.to !== undefined);
  const { share } = await import("../../pipeline/index.js");
  const out = process.stdout;
  const printer = createEventPrinter({ json, quiet, out, words: shareWords((text) => drawQrCode(text, out)) });
  const options: ShareOptions = {
    ...sameNames,
    source,
    link,
    ...(key !== undefined && { key }),
    ...(sdp !== undefined && { sdpFile: sdp }),
    ...(bitrate !== undefined && { bitrateBps: bitrate }),
    ...(degrade !== undefined && { degradation: degrade }),
    ...(pointer !== undefined && { pointer: pointer === false ? "off" : pointer }),
    signal: userInterruption(),
    onEvent: (event) => printer.show(event),
  };
  try {
    const running = await share(options);
    throwIfFailed(await running.ended);
  } finally {
    printer.end();
  }
}
