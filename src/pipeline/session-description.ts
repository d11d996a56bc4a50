import {
  connectionTo,
  DEFAULT_CODEC_PAYLOAD_TYPES,
  DEFAULT_EXTENSION_MAP,
  type EncodedFrame,
  findParameterSets,
  profileLevelId,
  VIDEO_CLOCK_RATE,
  writeSessionDescription,
  writeSpropParameterSets,
} from "../core/index.js";
import { describeMasterKey, parseAddress, type SrtpMasterKey } from "../transport/index.js";
import type { ShareTarget } from "./share-types.js";

/**
 * Describes what is sent to an RTP target, for players that take an SDP file.
 *
 * @param keyframe - one of the stream's keyframes; H.264's parameter sets are taken from it
 * @param name - the session's name
 * @param key - what it is encrypted with, if it is
 */
export function describeRtpTarget(
  target: ShareTarget,
  keyframe: EncodedFrame,
  name: string,
  key?: SrtpMasterKey,
): string {
  const { address, port, family } = parseAddress(target.address);
  return writeSessionDescription({
    name,
    origin: { address: family === 6 ? "::1" : "127.0.0.1" },
    connection: connectionTo(address),
    media: [
      {
        port,
        codec: keyframe.codec,
        ...DEFAULT_CODEC_PAYLOAD_TYPES[keyframe.codec],
        clockRate: VIDEO_CLOCK_RATE,
        extensions: DEFAULT_EXTENSION_MAP,
        ...(key && { crypto: [describeMasterKey(key)] }),
        rtcpMux: true,
        formatParameters: formatParameters(keyframe),
        direction: "recvonly",
      },
    ],
  });
}

function formatParameters({ codec, data }: EncodedFrame): Record<string, string> {
  const sets = codec === "h264" ? findParameterSets(data) : undefined;
  if (!sets) return {};
  return {
    "packetization-mode": "1",
    "profile-level-id": profileLevelId(sets.sequence[0]!),
    "sprop-parameter-sets": writeSpropParameterSets(sets),
  };
}
