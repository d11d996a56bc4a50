import { writeFile } from "node:fs/promises";
import * as constants from "node-av/constants";
import { Codec, CodecContext, Packet, Rational } from "node-av/lib";
import { SightlineError } from "../core/index.js";
import { Converter } from "./converter.js";
import { check } from "./native/library.js";
import { frameOf } from "./native/picture-frame.js";
import type { Picture } from "./picture.js";

/**
 * Writes a picture to a PNG file.
 *
 * @throws SightlineError `invalid-argument` when the file cannot be written
 */
export async function writePng(picture: Picture, file: string): Promise<void> {
  const png = encodePng(picture);
  try {
    await writeFile(file, png);
  } catch (cause) {
    throw new SightlineError("invalid-argument", `${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/** Encodes a picture as a PNG. */
export function encodePng(picture: Picture): Buffer {
  const { width, height } = picture;
  const converter = new Converter({ width, height, format: "rgb24" });
  const context = new CodecContext();
  const packet = new Packet();
  try {
    const rgb = frameOf(converter.convert(picture, "all").picture);
    const codec = Codec.findEncoderByName(constants.FF_ENCODER_PNG);
    if (codec === null || rgb === undefined)
      throw new SightlineError("unsupported", "this FFmpeg cannot write PNG files");
    context.allocContext3(codec);
    context.width = width;
    context.height = height;
    context.pixelFormat = constants.AV_PIX_FMT_RGB24;
    context.timeBase = new Rational(1, 1);
    check(context.open2Sync(codec, null), "the PNG encoder does not open");
    packet.alloc();
    check(context.sendFrameSync(rgb), "the PNG encoder refused the picture");
    check(context.receivePacketSync(packet), "the PNG encoder failed");
    return packet.data ?? Buffer.alloc(0);
  } finally {
    packet.free();
    context.freeContext();
    converter.close();
  }
}
