import * as constants from "node-av/constants";
import { type CodecContext, Frame, HardwareDeviceContext, HardwareFramesContext } from "node-av/lib";
import { check } from "../native/library.js";
import type { Size } from "../picture.js";

/** Frames in the card's memory: the one being encoded and its reference, with some room. */
const POOL_FRAMES = 8;

/** Moves pictures into the graphics card's memory, the only place where VAAPI encoders take them from. */
export class VaapiUpload {
  private readonly device = new HardwareDeviceContext();
  private readonly frames = new HardwareFramesContext();
  private readonly frame = new Frame();

  /**
   * Prepares a context that is not open yet.
   *
   * @throws SightlineError `unsupported` when there is no such card
   */
  constructor(context: CodecContext, { width, height }: Size) {
    check(this.device.create(constants.AV_HWDEVICE_TYPE_VAAPI, null), "there is no VAAPI device", "unsupported");
    this.frames.alloc(this.device);
    this.frames.format = constants.AV_PIX_FMT_VAAPI;
    this.frames.swFormat = constants.AV_PIX_FMT_NV12;
    this.frames.width = width;
    this.frames.height = height;
    this.frames.initialPoolSize = POOL_FRAMES;
    check(this.frames.init(), "the VAAPI device gives no memory", "unsupported");
    context.pixelFormat = constants.AV_PIX_FMT_VAAPI;
    context.hwFramesCtx = this.frames;
    this.frame.alloc();
  }

  /** Copies an NV12 frame to the card. The result is valid until the next call. */
  upload(source: Frame): Frame {
    this.frame.unref();
    check(this.frames.getBuffer(this.frame, 0), "the VAAPI device has no memory left");
    check(this.frames.transferDataSync(this.frame, source, 0), "the VAAPI device takes no picture");
    check(this.frame.copyProps(source), "the VAAPI device takes no picture");
    return this.frame;
  }

  /** Frees the card's memory; the encoder that uses it is freed before. */
  close(): void {
    this.frame.free();
    this.frames.free();
    this.device.free();
  }
}
