/** What a codec is judged by. */
export interface CodecCapability {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string | undefined;
}

/**
 * The order in which codecs are asked for: H.264 with full colour resolution (High 4:4:4 Predictive) before other H.264, because
 * coloured text on a screen stays readable with it; then whatever else the browser has, in its own order. Of H.264 only
 * packetization-mode 1 comes first: frames do not fit one packet.
 */
export function preferredCodecs<Codec extends CodecCapability>(codecs: readonly Codec[]): Codec[] {
  const ranked = codecs.map((codec, place) => ({ codec, place, rank: rank(codec) }));
  return ranked.sort((a, b) => a.rank - b.rank || a.place - b.place).map(({ codec }) => codec);
}

function rank({ mimeType, sdpFmtpLine = "" }: CodecCapability): number {
  if (mimeType.toLowerCase() !== "video/h264" || !sdpFmtpLine.includes("packetization-mode=1")) return 2;
  return isFullColor(sdpFmtpLine) ? 0 : 1;
}

/** Whether the format parameters are those of H.264 High 4:4:4 Predictive (profile_idc 244, RFC 6184 §8.1). */
export function isFullColor(sdpFmtpLine: string): boolean {
  return /profile-level-id=f4/i.test(sdpFmtpLine);
}
