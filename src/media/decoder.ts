import * as constants from "node-av/constants";
import { Codec, CodecContext, Frame, Packet } from "node-av/lib";
import { SightlineError, type VideoCodec } from "../core/index.js";
import { FrameHolder } from "./native/frame-holder.js";
import { AGAIN, check } from "./native/library.js";
import type { Picture } from "./picture.js";

/** A decoded picture. */
export interface DecodedPicture {
  /**
   * For reading alone: the decoder predicts from it. Valid until the second next call of {@link Decoder.decode}, or for as long
   * as it is the one that {@link Decoder.keep} was told of.
   */
  readonly picture: Picture;
  /** Parts of it were concealed; a keyframe should be asked for. Damage inside an H.264 frame is mostly not noticed. */
  readonly isDamaged: boolean;
}

/** What a decoder has done so far. */
export interface DecoderStatistics {
  readonly framesDecoded: number;
  /** Frames that made no picture or a damaged one. */
  readonly framesFailed: number;
}

const CODEC_IDS: Record<VideoCodec, constants.AVCodecID> = {
  h264: constants.AV_CODEC_ID_H264,
  jpeg: constants.AV_CODEC_ID_MJPEG,
};

/**
 * Our encoder cuts a picture into two slices. Decoded side by side, they take half the time: 4.7 → 2.6 ms while a page scrolls.
 * FFmpeg then no longer says which slices were damaged; receivers hand on whole frames only, whose packets are checked.
 */
const SLICE_THREADS = 2;

/**
 * Opens a decoder that returns each frame's picture at once (threads share a picture's slices; low delay).
 *
 * @throws SightlineError `unsupported` when FFmpeg lacks the codec
 */
export function openDecoder(codec: VideoCodec): Decoder {
  return new Decoder(codec);
}

/** Decodes frames of one codec, synchronously. Whatever the bytes are, it does not throw. */
export class Decoder {
  readonly codec: VideoCodec;
  private readonly context = new CodecContext();
  private readonly packet = new Packet();
  private readonly frame = new Frame();
  private readonly holder = new FrameHolder();
  private framesDecoded = 0;
  private framesFailed = 0;

  constructor(codec: VideoCodec) {
    this.codec = codec;
    const implementation = Codec.findDecoder(CODEC_IDS[codec]);
    if (implementation === null) throw new SightlineError("unsupported", `this FFmpeg cannot decode ${codec}`);
    this.context.allocContext3(implementation);
    this.context.threadCount = SLICE_THREADS;
    // Threads that take a frame each would hold frames back.
    this.context.threadType = constants.FF_THREAD_SLICE;
    this.context.setFlags(constants.AV_CODEC_FLAG_LOW_DELAY);
    check(this.context.open2Sync(implementation, null), `the ${codec} decoder does not open`, "unsupported");
    this.packet.alloc();
    this.frame.alloc();
  }

  /**
   * Decodes one frame: an access unit in Annex B form, or a JPEG.
   *
   * @returns undefined when it made no picture (damage, or nothing decodable before the first keyframe). A frame that is
   * missing altogether is not noticed here: sequence numbers must tell.
   */
  decode(data: Uint8Array): DecodedPicture | undefined {
    this.packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const sent = this.context.sendPacketSync(this.packet);
    this.packet.unref();
    let decoded: DecodedPicture | undefined;
    // More than one picture at once only comes from streams that reorder; the newest is the one to show.
    while (this.context.receiveFrameSync(this.frame) >= 0) {
      const isDamaged = this.frame.decodeErrorFlags !== 0 || this.frame.hasFlags(constants.AV_FRAME_FLAG_CORRUPT);
      decoded = { picture: this.holder.hold(this.frame), isDamaged };
      this.frame.unref();
      this.framesDecoded++;
    }
    if (decoded === undefined || decoded.isDamaged || (sent < 0 && sent !== AGAIN)) this.framesFailed++;
    return decoded;
  }

  /** Keeps a picture valid until another one is to be kept, so that it can be compared with later ones, and drawn again. */
  keep(picture: Picture): void {
    this.holder.keep(picture);
  }

  /** Counters since the decoder was opened. */
  statistics(): DecoderStatistics {
    return { framesDecoded: this.framesDecoded, framesFailed: this.framesFailed };
  }

  /** Frees the decoder. Pictures that are valid stay so. */
  close(): void {
    this.context.freeContext();
    this.packet.free();
    this.frame.free();
    this.holder.close();
  }
}
