import { randomInt } from "node:crypto";
import { now } from "../../src/clock/index.js";
import { type ChromaFormat, type EncodedFrame, RtpSender, SeededRng, uniform } from "../../src/core/index.js";
import { Converter } from "../../src/media/converter.js";
import { openEncoder } from "../../src/media/encoder.js";
import { Driver, type WebRtcSender } from "../../src/transport/index.js";
import { drawWords, solidPicture } from "./pictures.js";

/** Of every picture of {@link encodeWords}. */
export const WORDS_SIZE = { width: 640, height: 360 };
const FPS = 30;
const BITRATE_BPS = 4e6;

/** Codes pictures full of words, each other ones: the first as a keyframe, some packets each. */
export function encodeWords(pictures: number, chroma: ChromaFormat): EncodedFrame[] {
  const settings = { codec: "h264", ...WORDS_SIZE, fps: FPS, profile: "camera", bitrateBps: BITRATE_BPS } as const;
  const encoder = openEncoder({ ...settings, chroma });
  const converter = new Converter(encoder.input);
  const source = solidPicture(WORDS_SIZE.width, WORDS_SIZE.height, 0);
  const frames: EncodedFrame[] = [];
  for (let number = 0; number < pictures; number++) {
    drawWords(source, number);
    const { picture } = converter.convert(source, "all");
    const frame = encoder.encode(picture, { changed: "all", keyframe: number === 0, captureTime: now() });
    if (frame !== undefined) frames.push({ ...frame, data: Uint8Array.from(frame.data) });
  }
  encoder.close();
  converter.close();
  return frames;
}

/** How a clip is sent. */
export interface ClipSenderOptions {
  readonly sender: WebRtcSender;
  /** Sent again and again, from the start when a keyframe is asked for. The first one is a keyframe. */
  readonly frames: readonly EncodedFrame[];
  /** The part of the RTP packets that gets lost, 0 … 1. */
  readonly loss?: number;
}

/** Sends a clip to one viewer once it is connected, at 30 frames per second. */
export class ClipSender {
  readonly rtp: RtpSender;
  private readonly driver: Driver<Parameters<RtpSender["handleInput"]>[1], { datagram: Uint8Array }, unknown>;
  private readonly timer: NodeJS.Timeout;
  private next = 0;

  constructor({ sender, frames, loss = 0 }: ClipSenderOptions) {
    const rng = new SeededRng(5);
    this.rtp = new RtpSender({
      ...sender.media,
      cname: "test",
      rng: { uint32: () => randomInt(2 ** 32) },
      bitrateBps: BITRATE_BPS,
      congestion: { kind: "fixed", bitrateBps: 2 * BITRATE_BPS },
    });
    this.driver = new Driver(this.rtp, {
      transmit: ({ datagram }) => {
        const isMedia = datagram[1]! < 192 || datagram[1]! > 223;
        if (!isMedia || uniform(rng) >= loss) sender.send(datagram);
      },
      event: (event) => {
        if ((event as { kind: string }).kind === "keyframe-requested") this.next = 0;
      },
    });
    let isConnected = false;
    sender.listen({
      datagram: (datagram) => this.driver.input({ kind: "datagram", datagram }),
      connected: () => {
        isConnected = true;
      },
    });
    this.timer = setInterval(() => {
      if (!isConnected) return;
      const frame = frames[this.next]!;
      this.next = (this.next + 1) % frames.length;
      this.driver.input({ kind: "frame", frame: { ...frame, captureTime: now() } });
    }, 1_000 / FPS);
  }

  /** Stops sending. */
  close(): void {
    clearInterval(this.timer);
    this.driver.stop();
  }
}
