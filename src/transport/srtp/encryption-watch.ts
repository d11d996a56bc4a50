import { isRtcp, parseRtcp } from "../../core/index.js";
import { readUint32 } from "./packet-header.js";
import { RecentMap } from "./recent-map.js";
import { ENCRYPTED_FLAG, RTCP_CLEAR_BYTES } from "./transform.js";

/** What a stream is that cannot be opened. */
export type Encryption = "encrypted" | "plain";

const MAX_REMOTES = 16;
/** So many reports must agree. Senders report at least twice a second. */
const REPORTS = 2;
const SENDER_REPORT = 200;
/**
 * Where the SRTCP index stands, counted from the end: last; before our identifier of eight bytes; before a tag of ten, of
 * four, or both.
 */
const INDEX_OFFSETS = [4, 4 + 8, 4 + 10, 4 + 4, 4 + 8 + 10];
/** A report's index is this far beyond the last one's at most. */
const MAX_INDEX_STEP = 256;

interface Suspect {
  readonly indices: ReadonlyMap<number, number>;
  readonly verdict: Encryption;
  readonly agreeing: number;
}

/**
 * Tells whether a stream is encrypted, without its key: by its sender reports. An SRTCP packet begins like a sender report and
 * then makes no sense, but for an index near its end that counts up from packet to packet (RFC 3711 §3.4).
 */
export class EncryptionWatch {
  private readonly suspects = new RecentMap<string, Suspect>(MAX_REMOTES);

  /**
   * A datagram came that is of no use as it is.
   *
   * @returns what the stream from `remote` is, once that is sure; told once
   */
  observe(datagram: Uint8Array, remote: string): Encryption | undefined {
    if (!isRtcp(datagram) || datagram[1] !== SENDER_REPORT || datagram.length < RTCP_CLEAR_BYTES + 4) return undefined;
    const before = this.suspects.get(remote);
    const indices = indicesOf(datagram);
    const isEncrypted = parseRtcp(datagram) === undefined;
    const verdict = isEncrypted ? "encrypted" : "plain";
    const continues = !isEncrypted || countsUp(before?.indices, indices);
    const agreeing = before?.verdict === verdict && continues ? before.agreeing + 1 : 1;
    this.suspects.set(remote, { indices, verdict, agreeing });
    return agreeing === REPORTS ? verdict : undefined;
  }
}

/** What could be an SRTCP index with the E flag, by where it stands. */
function indicesOf(datagram: Uint8Array): Map<number, number> {
  const found = new Map<number, number>();
  for (const offset of INDEX_OFFSETS) {
    if (datagram.length < RTCP_CLEAR_BYTES + offset) continue;
    const word = readUint32(datagram, datagram.length - offset);
    if (word >= ENCRYPTED_FLAG) found.set(offset, word - ENCRYPTED_FLAG);
  }
  return found;
}

function countsUp(before: ReadonlyMap<number, number> | undefined, now: ReadonlyMap<number, number>): boolean {
  return [...now].some(([offset, index]) => {
    const step = index - (before?.get(offset) ?? index);
    return step > 0 && step <= MAX_INDEX_STEP;
  });
}
