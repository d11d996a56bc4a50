import type { ExtensionMap } from "../../rtp/extensions/extension-map.js";
import type { PayloadTypeDescription } from "../payload-formats.js";
import type { MediaDirection } from "../session-description.js";
import type { IceCandidate } from "./ice-candidate.js";

/** One side's description of a WebRTC session (RFC 8829), as far as we negotiate. */
export interface WebRtcDescription {
  /** The `mid`s of the sections that share one transport (RFC 9143), the tagged one first. Empty: there is no group. */
  readonly bundle: readonly string[];
  /** Every `m=` section in order: an answer has the same ones (RFC 3264 §6). */
  readonly sections: readonly WebRtcSection[];
}

/** One `m=` section. */
export interface WebRtcSection {
  /** `video`, `audio`, `application`, or what else there may be. */
  readonly media: string;
  /** As in the `m=` line: `UDP/TLS/RTP/SAVPF`, `UDP/DTLS/SCTP`. */
  readonly protocol: string;
  /** What follows the protocol: payload types, or `webrtc-datachannel`. */
  readonly formats: readonly string[];
  /** Its name in the session (RFC 5888); "" if it has none. */
  readonly mid: string;
  /** Switched off: its port is 0, and it does not wait for a bundle (RFC 9143 §6). */
  readonly isRejected: boolean;
  readonly direction: MediaDirection;
  /** What the payload types stand for, in the order of preference. */
  readonly payloadTypes: readonly PayloadTypeDescription[];
  /** What feedback each payload type takes (RFC 4585 §4.2): `nack`, `nack pli`, `transport-cc`. */
  readonly feedback: ReadonlyMap<number, ReadonlySet<string>>;
  readonly extensions: ExtensionMap;
  /** The streams that are sent, each with what it is for: `FID media rtx`, `FEC-FR media fec` (RFC 5576). */
  readonly ssrcs: readonly number[];
  readonly ssrcGroups: readonly SsrcGroup[];
  /** How the section is reached; undefined if it does not say, as those that wait for a bundle. */
  readonly transport?: WebRtcTransport;
  readonly candidates: readonly IceCandidate[];
  /** Of data channels (RFC 8841 §5). */
  readonly sctpPort?: number;
}

/** Streams that belong together (RFC 5576 §4.2). */
export interface SsrcGroup {
  readonly semantics: string;
  readonly ssrcs: readonly number[];
}

/** Who opens the DTLS connection (RFC 8842 §5). */
export type DtlsSetup = "actpass" | "active" | "passive";

/** How one side is reached, and how it is known. */
export interface WebRtcTransport {
  /** RFC 8839 §5.4. */
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** The hash of the certificate (RFC 8122 §5): `sha-256` and hexadecimal bytes with colons. */
  readonly fingerprint: { readonly algorithm: string; readonly value: string };
  readonly setup: DtlsSetup;
}
