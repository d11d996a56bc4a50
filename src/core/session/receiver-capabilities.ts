import { type RtcpPacket, type SdesItem, SdesType } from "../rtcp/index.js";

/** What a receiver understands beyond what every RTP receiver does, as it says in its reports. */
export interface ReceiverCapabilities {
  /** Lossless still tiles over the video (docs/sharpness.md). */
  readonly stills: boolean;
  /** The mouse pointer beside the video. */
  readonly pointer: boolean;
  /** H.264 with full colour resolution (High 4:4:4 Predictive profile). */
  readonly chroma444: boolean;
}

/** Of a receiver that says nothing. */
export const NO_CAPABILITIES: ReceiverCapabilities = { stills: false, pointer: false, chroma444: false };

/** Names the extension in a private item: its length in a byte, then the name. */
const PREFIX = "\u0009sightline";
const WORDS: Readonly<Record<keyof ReceiverCapabilities, string>> = {
  stills: "stills",
  pointer: "pointer",
  chroma444: "444",
};

/**
 * The private item of a source description that tells of a receiver's capabilities (RFC 3550 §6.5.8): words, with a space
 * between them. Whoever does not know a word passes over it.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |    PRIV = 8   |     length    |   prefix = 9  | "sightline"   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   ...         | "stills pointer 444"  ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @returns undefined if there is nothing to tell
 */
export function capabilitiesItem(capabilities: ReceiverCapabilities): SdesItem | undefined {
  const words = (Object.keys(WORDS) as (keyof ReceiverCapabilities)[])
    .filter((name) => capabilities[name])
    .map((name) => WORDS[name]);
  return words.length === 0 ? undefined : { type: SdesType.private, text: PREFIX + words.join(" ") };
}

/** Who says in an RTCP packet what it understands, and what; empty for other packets and for those who say nothing. */
export function statedCapabilities(
  packet: RtcpPacket,
): { readonly ssrc: number; readonly capabilities: ReceiverCapabilities }[] {
  if (packet.kind !== "source-description") return [];
  return packet.chunks.flatMap(({ ssrc, items }) => {
    const item = items.find(({ type, text }) => type === SdesType.private && text.startsWith(PREFIX));
    if (item === undefined) return [];
    const words = item.text.slice(PREFIX.length).split(" ");
    const knows = (name: keyof ReceiverCapabilities) => words.includes(WORDS[name]);
    const capabilities = { stills: knows("stills"), pointer: knows("pointer"), chroma444: knows("chroma444") };
    return [{ ssrc, capabilities }];
  });
}
