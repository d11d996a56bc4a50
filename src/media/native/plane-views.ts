import koffi from "koffi";
import * as constants from "node-av/constants";
import { Codec, CodecContext, type Frame, Packet, Rational } from "node-av/lib";
import { SightlineError } from "../../core/index.js";
import type { Picture } from "../picture.js";
import { check } from "./library.js";

/** `AVFrame` begins with `uint8_t *data[8]` and `int linesize[8]`. */
const MAX_PLANES = 8;
const POINTER_BYTES = 8;
const LINESIZE_OFFSET = MAX_PLANES * POINTER_BYTES;
const LINESIZE_BYTES = 4;
/** More planes than decoders have in turn; beyond it, most are of a stream before. */
const MAX_VIEWS = 128;

/**
 * Views of the planes of frames whose memory comes from a pool. `frame.data` makes views anew of every frame, whose megabytes
 * flood the garbage collector; these are made once for each place in memory. Where a frame's planes are is told by FFmpeg's
 * codec `wrapped_avframe`, whose packets are `AVFrame` structures: 12 µs a frame, where copying it costs 1 ms.
 */
export class PlaneViews {
  private readonly wrapper = new CodecContext();
  private readonly packet = new Packet();
  private readonly views = new Map<string, Buffer>();

  /** @throws SightlineError `unsupported` when this FFmpeg lacks the codec */
  constructor() {
    const codec = Codec.findEncoderByName(constants.FF_ENCODER_WRAPPED_AVFRAME);
    if (codec === null) throw new SightlineError("unsupported", "this FFmpeg cannot wrap frames");
    this.wrapper.allocContext3(codec);
    // A frame's own size and format are not compared with these.
    this.wrapper.width = 2;
    this.wrapper.height = 2;
    this.wrapper.pixelFormat = constants.AV_PIX_FMT_YUV420P;
    this.wrapper.timeBase = new Rational(1, 1);
    check(this.wrapper.open2Sync(codec, null), "the frame wrapper does not open", "unsupported");
    this.packet.alloc();
  }

  /**
   * The planes of a frame, valid as long as the frame holds its buffers. For reading alone: a decoder predicts from them.
   *
   * @param rows - of each plane
   */
  of(frame: Frame, rows: readonly number[]): Pick<Picture, "planes" | "strides"> {
    check(this.wrapper.sendFrameSync(frame), "FFmpeg cannot wrap a frame");
    check(this.wrapper.receivePacketSync(this.packet), "FFmpeg cannot wrap a frame");
    const structure = this.packet.data as Buffer;
    this.packet.unref();
    const strides = rows.map((_, plane) => structure.readInt32LE(LINESIZE_OFFSET + plane * LINESIZE_BYTES));
    const planes = rows.map((height, plane) =>
      this.view(structure.readBigUInt64LE(plane * POINTER_BYTES), height * (strides[plane] as number)),
    );
    return { planes, strides };
  }

  /** Frees the codec. Views stay valid. */
  close(): void {
    this.wrapper.freeContext();
    this.packet.free();
  }

  private view(address: bigint, bytes: number): Buffer {
    const key = `${address} ${bytes}`;
    let view = this.views.get(key);
    if (view === undefined) {
      if (this.views.size >= MAX_VIEWS) this.views.clear();
      view = Buffer.from(koffi.view(address, bytes));
      this.views.set(key, view);
    }
    return view;
  }
}
