import { isRtcp } from "../../core/index.js";
import { aesCm } from "./aes-cm.js";
import { aesGcm } from "./aes-gcm.js";
import { deriveTransformKeys } from "./key-derivation.js";
import { readUint32, rtpHeaderSize, sequenceOf } from "./packet-header.js";
import type { DatagramProtection } from "./protection.js";
import { RecentMap } from "./recent-map.js";
import { ReplayWindow } from "./replay-window.js";
import { RolloverSearch } from "./rollover-search.js";
import { SentStream } from "./sent-stream.js";
import type { SrtpMasterKey } from "./suites.js";
import { RTCP_CLEAR_BYTES, SrtpTransform } from "./transform.js";

/** Streams of others that are followed at once; only authentic ones count. */
const MAX_STREAMS = 32;
/** A session's own streams: media, its retransmissions, its repair packets. Their state is never dropped, see below. */
const MAX_OWN_STREAMS = 32;
const SEQUENCE_RANGE = 0x1_0000;
const HALF_RANGE = 0x8000;
/** RFC 3711 §3.2.1: the SRTCP index has 31 bits. */
const MAX_SRTCP_INDEX = 2 ** 31 - 1;
const SENDER_REPORT = 200;
/** Where a sender report has its packet count (RFC 3550 §6.4.1), and its size up to there. */
const PACKET_COUNT_OFFSET = 20;

/**
 * Hands out SRTCP indices. Whoever sends RTCP under several master keys takes them all from one, so that none is ever used
 * twice with a key, whichever sessions come and go.
 */
export class SrtcpIndices {
  private next = 0;

  /** The next index; undefined when all are used up. */
  take(): number | undefined {
    return this.next > MAX_SRTCP_INDEX ? undefined : this.next++;
  }
}

/**
 * One SRTP session (RFC 3711): protects what this end sends and opens what the other ends send, under one master key.
 *
 * A nonce that is used twice breaks the encryption (RFC 7714 §10). So a packet that does not continue its stream leaves as
 * the bytes that it was before or not at all, and the state of a stream is never forgotten.
 */
export class SrtpSession implements DatagramProtection {
  private readonly transform: SrtpTransform;
  private readonly indices: SrtcpIndices;
  private readonly sent = new Map<number, SentStream>();
  private readonly streams = new RecentMap<number, ReplayWindow>(MAX_STREAMS);
  private readonly reporters = new RecentMap<number, ReplayWindow>(MAX_STREAMS);
  private readonly search = new RolloverSearch();

  constructor(master: SrtpMasterKey, indices = new SrtcpIndices()) {
    const suite = master.suite === "AEAD_AES_128_GCM" ? aesGcm : aesCm;
    this.transform = new SrtpTransform(suite, deriveTransformKeys(master));
    this.indices = indices;
  }

  /** {@inheritDoc DatagramProtection.protect} */
  protect(datagram: Uint8Array): Uint8Array | undefined {
    if (isRtcp(datagram)) return this.protectRtcp(datagram);
    const headerSize = rtpHeaderSize(datagram, datagram.length);
    if (headerSize === undefined) return undefined;
    const ssrc = readUint32(datagram, 8);
    const sequence = sequenceOf(datagram);
    const stream = this.sent.get(ssrc) ?? new SentStream();
    if (stream.lastIndex === undefined) {
      if (this.sent.size >= MAX_OWN_STREAMS) return undefined;
      this.sent.set(ssrc, stream);
    }
    const last = stream.lastIndex ?? -1;
    const index = last < 0 ? sequence : nearestIndex(last, sequence);
    if (index <= last) return stream.find(index);
    const sealed = this.transform.protectRtp(datagram, headerSize, index);
    stream.add(index, sealed);
    return sealed;
  }

  /** {@inheritDoc DatagramProtection.unprotect} */
  unprotect(datagram: Uint8Array): Uint8Array | undefined {
    const opened = isRtcp(datagram) ? this.unprotectRtcp(datagram) : this.unprotectRtp(datagram);
    if (opened !== undefined) this.search.onAuthentic();
    return opened;
  }

  private protectRtcp(datagram: Uint8Array): Uint8Array | undefined {
    if (datagram.length < RTCP_CLEAR_BYTES) return undefined;
    const index = this.indices.take();
    return index === undefined ? undefined : this.transform.protectRtcp(datagram, index);
  }

  private unprotectRtp(datagram: Uint8Array): Uint8Array | undefined {
    const headerSize = rtpHeaderSize(datagram, datagram.length - this.transform.rtpOverhead);
    if (headerSize === undefined) return undefined;
    const ssrc = readUint32(datagram, 8);
    const sequence = sequenceOf(datagram);
    const known = this.streams.get(ssrc);
    const tryAt = (index: number): Uint8Array | undefined => {
      if (index < 0 || known?.isNew(index) === false) return undefined;
      const opened = this.transform.unprotectRtp(datagram, headerSize, index);
      if (opened === undefined) return undefined;
      const window = known ?? new ReplayWindow();
      window.add(index);
      if (known === undefined) this.streams.set(ssrc, window);
      return opened;
    };
    if (known !== undefined) {
      const expected = nearestIndex(known.highest, sequence);
      if (known.has(expected)) return undefined;
      const opened = tryAt(expected);
      if (opened !== undefined) return opened;
    }
    // A stream that was joined late, or of which half a round of sequence numbers was lost.
    for (const rollover of this.search.candidates()) {
      const index = rollover * SEQUENCE_RANGE + sequence;
      if (known !== undefined && index <= known.highest) continue;
      const opened = tryAt(index);
      if (opened !== undefined) return opened;
    }
    return undefined;
  }

  private unprotectRtcp(datagram: Uint8Array): Uint8Array | undefined {
    if (datagram.length < RTCP_CLEAR_BYTES + this.transform.rtcpOverhead) return undefined;
    const opened = this.transform.unprotectRtcp(datagram);
    if (opened === undefined) return undefined;
    const { packet, index } = opened;
    const ssrc = readUint32(packet, 4);
    const known = this.reporters.get(ssrc);
    if (known?.isNew(index) === false) return undefined;
    const window = known ?? new ReplayWindow();
    window.add(index);
    if (known === undefined) this.reporters.set(ssrc, window);
    if (packet[1] === SENDER_REPORT && packet.length >= PACKET_COUNT_OFFSET + 4) {
      this.search.onSenderReport(readUint32(packet, PACKET_COUNT_OFFSET));
    }
    return packet;
  }
}

/** The index with this sequence number that is nearest to another index (RFC 3711 §3.3.1, appendix A); may be negative. */
function nearestIndex(reference: number, sequence: number): number {
  const ahead = (sequence - reference) & (SEQUENCE_RANGE - 1);
  return reference + (ahead < HALF_RANGE ? ahead : ahead - SEQUENCE_RANGE);
}
