import type { VideoCodec } from "../frame.js";
import { h264Depacketizer, h264Packetizer } from "./h264/index.js";
import { JpegDepacketizer, jpegPacketizer } from "./jpeg/index.js";
import type { Depacketizer, Packetizer } from "./payload-format.js";
import { sharePayloads } from "./shared-payloads.js";

const PACKETIZERS: Readonly<Record<VideoCodec, Packetizer>> = {
  h264: sharePayloads(h264Packetizer),
  jpeg: sharePayloads(jpegPacketizer),
};

/** The packetizer of a codec's RTP payload format: RFC 6184 for H.264, RFC 2435 for JPEG. */
export function createPacketizer(codec: VideoCodec): Packetizer {
  return PACKETIZERS[codec];
}

/** A depacketizer of a codec's RTP payload format, for one stream. */
export function createDepacketizer(codec: VideoCodec): Depacketizer {
  switch (codec) {
    case "h264":
      return h264Depacketizer;
    case "jpeg":
      return new JpegDepacketizer();
  }
}
