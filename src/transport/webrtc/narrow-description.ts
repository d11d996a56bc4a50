import { type SectionTransport, writeIceCandidate } from "../../core/index.js";

/** The names of the two sections that the library is told of, whatever the other side calls its own. */
export const VIDEO_MID = "0";
/** See {@link VIDEO_MID}. */
export const DATA_MID = "1";

/** What the library must know of the other side. */
export interface RemoteSide extends SectionTransport {
  readonly payloadType: number;
  /** Of the other side's media: `recvonly` for a viewer, `sendonly` for a sender. */
  readonly direction: "recvonly" | "sendonly";
  /** The other side's port of data channels. Absent: it has none, and refuses them if we offered some. */
  readonly sctpPort?: number;
}

/**
 * The other side's description as the library gets it: written anew from what was parsed, in the few forms that are needed,
 * so that no text from the network reaches native code.
 */
export function narrowDescription({ transport, candidates, payloadType, direction, sctpPort }: RemoteSide): string {
  const { iceUfrag, icePwd, fingerprint, setup } = transport;
  const common = [
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:${iceUfrag}`,
    `a=ice-pwd:${icePwd}`,
    "a=ice-options:trickle",
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${setup}`,
  ];
  const lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0"];
  lines.push(sctpPort === undefined ? `a=group:BUNDLE ${VIDEO_MID}` : `a=group:BUNDLE ${VIDEO_MID} ${DATA_MID}`);
  lines.push(
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    ...common,
    `a=mid:${VIDEO_MID}`,
    `a=${direction}`,
    "a=rtcp-mux",
    `a=rtpmap:${payloadType} H264/90000`,
    ...candidates.map((candidate) => `a=${writeIceCandidate(candidate)}`),
  );
  if (sctpPort === undefined && direction === "sendonly") {
    lines.push(
      "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
      "c=IN IP4 0.0.0.0",
      `a=mid:${DATA_MID}`,
      "a=inactive",
    );
  } else if (sctpPort !== undefined) {
    lines.push(
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
      ...common,
      `a=mid:${DATA_MID}`,
      `a=sctp-port:${sctpPort}`,
      "a=max-message-size:262144",
    );
  }
  return `${lines.join("\r\n")}\r\n`;
}
