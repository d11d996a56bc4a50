import type { EncodedFrame, VideoCodec } from "../frame.js";
import { createPacketizer, type Packetizer } from "../payload/index.js";
import type { Rng } from "../random.js";
import { NO_EXTENSIONS } from "../rtp/header-extension.js";
import {
  type ExtensionMap,
  type HeaderExtension,
  type RtpClock,
  type RtpPacket,
  type RtpTimestamp,
  type SequenceNumber,
  sequenceNumber,
  toRtpTimestamp,
  VIDEO_CLOCK_RATE,
  writeAbsCaptureTime,
  writePlayoutDelay,
} from "../rtp/index.js";
import { type Micros, micros } from "../time.js";

/** Show each frame as soon as it is there. */
const NO_PLAYOUT_DELAY = writePlayoutDelay({ min: micros(0), max: micros(0) });

/** What {@link MediaPackets} needs to know of the stream. */
export interface MediaPacketsOptions {
  readonly codec: VideoCodec;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly extensions: ExtensionMap;
  readonly maxPayloadSize: number;
  readonly rng: Rng;
}

/** Turns coded frames into the RTP packets of one stream: payloads, sequence numbers, timestamps, header extensions. */
export class MediaPackets {
  private readonly options: MediaPacketsOptions;
  private readonly packetizer: Packetizer;
  private readonly clock: RtpClock;
  private next: SequenceNumber;

  constructor(options: MediaPacketsOptions) {
    this.options = options;
    this.packetizer = createPacketizer(options.codec);
    // Both start at random (RFC 3550 §5.1).
    this.clock = { clockRate: VIDEO_CLOCK_RATE, offset: options.rng.uint32() };
    this.next = sequenceNumber(options.rng.uint32());
  }

  /** The stream's RTP timestamp of the point `at`. */
  timestampAt(at: Micros): RtpTimestamp {
    return toRtpTimestamp(at, this.clock);
  }

  /**
   * The packets of one frame, in order.
   *
   * @throws SightlineError as the codec's packetizer does
   */
  packetize(frame: EncodedFrame): RtpPacket[] {
    const { ssrc, payloadType, maxPayloadSize } = this.options;
    const payloads = this.packetizer.packetize(frame, maxPayloadSize);
    const timestamp = this.timestampAt(frame.captureTime);
    const edgeExtensions = this.edgeExtensions(frame);
    const last = payloads.length - 1;
    return payloads.map((payload, i) => ({
      payloadType,
      marker: i === last,
      sequenceNumber: this.takeSequenceNumber(),
      timestamp,
      ssrc,
      // On the first and the last packet, so that the loss of one does not lose what they say.
      extensions: i === 0 || i === last ? edgeExtensions : NO_EXTENSIONS,
      payload,
    }));
  }

  /**
   * The packets from `first` on were not sent and never will be: their numbers are used again. All but one, because the gap
   * shows that the frame before has lost its end, and that what follows does not continue it.
   *
   * @param first - undefined if everything was sent; the gap is made all the same
   */
  takeBack(first: SequenceNumber = this.next): void {
    this.next = sequenceNumber(first + 1);
  }

  private takeSequenceNumber(): SequenceNumber {
    const taken = this.next;
    this.next = sequenceNumber(taken + 1);
    return taken;
  }

  private edgeExtensions({ captureTime, keyframe }: EncodedFrame): HeaderExtension[] {
    const { absCaptureTime, playoutDelay } = this.options.extensions;
    const extensions: HeaderExtension[] = [];
    if (absCaptureTime !== undefined) {
      extensions.push({ id: absCaptureTime, data: writeAbsCaptureTime({ captureTime }) });
    }
    if (playoutDelay !== undefined && keyframe) extensions.push({ id: playoutDelay, data: NO_PLAYOUT_DELAY });
    return extensions;
  }
}
