import { readUint32, view, writeUint32 } from "../rtp/byte-order.js";
import { createRtcpPacket, PacketType, RTCP_HEADER_SIZE } from "./header.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/** The kinds of items that describe a source (RFC 3550 §6.5). */
export const SdesType = { cname: 1, name: 2, email: 3, phone: 4, location: 5, tool: 6, note: 7, private: 8 } as const;

/** One thing said about a source. */
export interface SdesItem {
  /** One of {@link SdesType}, or a kind that was registered later. */
  readonly type: number;
  /** At most 255 bytes of UTF-8; what is longer is cut. */
  readonly text: string;
}

/** What is said about one source. */
export interface SdesChunk {
  /** The source. */
  readonly ssrc: number;
  readonly items: readonly SdesItem[];
}

/** Who the sources are: SDES (RFC 3550 §6.5). */
export interface SourceDescription {
  readonly kind: "source-description";
  /** One for each source, at most 31. */
  readonly chunks: readonly SdesChunk[];
}

const END_OF_ITEMS = 0;
const MAX_TEXT_SIZE = 255;

/**
 * Reads the body of an SDES packet with `count` chunks.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                             SSRC                              |  chunk
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     type      |    length     | UTF-8 text ...                |  items, ended by
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  1 … 4 zero bytes
 * ```
 */
export function parseSourceDescription(body: Uint8Array, count: number): SourceDescription | undefined {
  const chunks: SdesChunk[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 4 > body.length) return undefined;
    const ssrc = readUint32(body, at);
    const items: SdesItem[] = [];
    at += 4;
    // Some senders leave out the end marker where the last item fills its word.
    while (at < body.length && body[at] !== END_OF_ITEMS) {
      if (at + 2 > body.length) return undefined;
      const length = body[at + 1]!;
      if (at + 2 + length > body.length) return undefined;
      items.push({ type: body[at]!, text: decodeUtf8(view(body, at + 2, length)) });
      at += 2 + length;
    }
    at = (at + 4) & ~3;
    chunks.push({ ssrc, items });
  }
  return { kind: "source-description", chunks };
}

/**
 * The whole SDES packet; layout at {@link parseSourceDescription}.
 *
 * @throws SightlineError `invalid-argument`: more than 31 chunks.
 */
export function serializeSourceDescription({ chunks }: SourceDescription): Uint8Array {
  const encoded = chunks.map(encodeChunk);
  const packet = createRtcpPacket({
    packetType: PacketType.sourceDescription,
    count: chunks.length,
    bodySize: encoded.reduce((size, chunk) => size + chunk.length, 0),
  });
  let at = RTCP_HEADER_SIZE;
  for (const chunk of encoded) {
    packet.set(chunk, at);
    at += chunk.length;
  }
  return packet;
}

function encodeChunk({ ssrc, items }: SdesChunk): Uint8Array {
  const texts = items.map((item) => encodeUtf8(item.text, MAX_TEXT_SIZE));
  const itemsSize = texts.reduce((size, text) => size + 2 + text.length, 0);
  const chunk = new Uint8Array((4 + itemsSize + 4) & ~3); // ends in at least one zero byte
  writeUint32(chunk, 0, ssrc);
  let at = 4;
  for (const [i, text] of texts.entries()) {
    chunk[at] = items[i]!.type;
    chunk[at + 1] = text.length;
    chunk.set(text, at + 2);
    at += 2 + text.length;
  }
  return chunk;
}
