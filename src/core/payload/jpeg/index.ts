export { JpegDepacketizer } from "./depacketizer.js";
export { jpegPacketizer } from "./packetizer.js";
