import type { VideoCodec } from "../frame.js";
import type { ExtensionMap } from "../rtp/extensions/extension-map.js";
import type { CryptoAttribute } from "./crypto-attribute.js";

/**
 * What a receiver must know to play an RTP session that is sent to it without negotiation: the content of an SDP file
 * (RFC 8866), as far as video goes.
 */
export interface RtpSessionDescription {
  /** The session's name, for people; one line. Empty: it has none. */
  readonly name: string;
  /** Who made the session. */
  readonly origin: SessionOrigin;
  /** Where the media are sent to. */
  readonly connection: ConnectionAddress;
  /**
   * The senders whose packets are wanted, as addresses (RFC 4570): a source-specific multicast group is joined for each.
   * Absent: any.
   */
  readonly sourceFilter?: readonly string[];
  /** The streams, at least one. */
  readonly media: readonly VideoDescription[];
}

/** Who made a session (RFC 8866 §5.2). */
export interface SessionOrigin {
  /** The IP address or host name of the machine. */
  readonly address: string;
  /** Decimal digits that tell apart the sessions of one machine; "0" unless given. */
  readonly sessionId?: string;
  /** Decimal digits that grow with each change of the description; "0" unless given. */
  readonly sessionVersion?: string;
}

/** Where media are sent to (RFC 8866 §5.7). */
export interface ConnectionAddress {
  /** The receiver's IP address or host name, or a multicast group. */
  readonly address: string;
  /** Of an IPv4 multicast group: how many routers packets may cross, 0 … 255. */
  readonly ttl?: number;
  readonly isMulticast: boolean;
}

/** Which way media flow, from the view of who reads the description (RFC 8866 §6.7). */
export type MediaDirection = "recvonly" | "sendonly" | "sendrecv" | "inactive";

/** One video stream of a session (RFC 8866 §5.14). */
export interface VideoDescription {
  /** The UDP port that it is sent to. */
  readonly port: number;
  readonly codec: VideoCodec;
  readonly payloadType: number;
  /** Of the RTP timestamps, in ticks per second. */
  readonly clockRate: number;
  /** The payload type of retransmissions (RFC 4588 §8). Absent: there are none. */
  readonly rtxPayloadType?: number;
  /** The header extensions in use (RFC 8285 §5). */
  readonly extensions: ExtensionMap;
  /** The keys it is encrypted with, any one of them; absent: it is not encrypted. */
  readonly crypto?: readonly CryptoAttribute[];
  /** RTCP uses the same port (RFC 5761 §5.1.3). */
  readonly rtcpMux: boolean;
  /** The port of RTCP (RFC 3605). Absent: with `rtcpMux` the same port, otherwise the next one. */
  readonly rtcpPort?: number;
  /** The codec's parameters by their lower-case names, such as `packetization-mode` and `sprop-parameter-sets` (RFC 6184 §8.1). */
  readonly formatParameters: Readonly<Record<string, string>>;
  readonly direction: MediaDirection;
  /** The highest number of frames per second. */
  readonly framerate?: number;
}

/** The connection to `address`; whether it is a multicast group shows in the address. */
export function connectionTo(address: string, options: { readonly ttl?: number } = {}): ConnectionAddress {
  return { address, isMulticast: isMulticastAddress(address), ...options };
}

/** 224.0.0.0/4 (RFC 5771) or ff00::/8 (RFC 4291 §2.7). */
function isMulticastAddress(address: string): boolean {
  return /^(22[4-9]|23\d)\.\d+\.\d+\.\d+$|^ff[0-9a-f]{2}:/i.test(address);
}
