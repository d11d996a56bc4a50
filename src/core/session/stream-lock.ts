import { type RtpPacket, type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/index.js";
import { elapsed, type Micros, millis, seconds } from "../time.js";

/** A live stream is never taken over; one that was silent this long may be. Senders report at least twice a second. */
const SILENT_AFTER = seconds(1);
/** From the same address a new stream is that sender started again: the old one only has to have stopped. */
const STOPPED_AFTER = millis(100);
/** A stream that said goodbye may have packets on their way; they must not bring it back. */
const ENDED_FOR = seconds(1);
/**
 * Streams on probation at once, and packets kept of each: where they are reordered, most of a keyframe may come before its
 * first packet, or before two in sequence.
 */
const MAX_CANDIDATES = 16;
const MAX_HELD_PACKETS = 256;

/** Names a stream: a source (SSRC) at an address. */
export interface StreamName {
  /** The address it comes from, opaque. */
  readonly remote: string;
  readonly ssrc: number;
}

/** A packet with what probation must know of it. */
export interface ArrivedPacket {
  readonly packet: RtpPacket;
  readonly arrival: Micros;
  /** It begins a keyframe: good enough to show the stream at once. */
  readonly startsKeyframe: boolean;
}

/** What a packet is to the receiver: of the stream that it shows, the last proof of a new one to show, or of no interest. */
export type LockVerdict =
  | { readonly kind: "current" }
  /** A new stream was locked. `packets`: the last of its probation and this one, in sequence. */
  | { readonly kind: "locked"; readonly packets: readonly ArrivedPacket[] }
  | { readonly kind: "ignored" };

interface Candidate {
  readonly held: readonly ArrivedPacket[];
  /** What follows its last packet. */
  readonly expected: SequenceNumber;
}

interface Lock extends StreamName {
  lastHeard: Micros;
}

const CURRENT: LockVerdict = { kind: "current" };
const IGNORED: LockVerdict = { kind: "ignored" };

/**
 * Decides which of the streams that reach a port is shown. A stream must prove itself by two packets in sequence (RFC 3550
 * A.1) or the start of a keyframe, and only takes over when the current one is silent, has ended, or stopped at the same
 * address.
 */
export class StreamLock {
  private current: Lock | undefined;
  private ended: (StreamName & { readonly at: Micros }) | undefined;
  /** Keyed by address and SSRC; in the order of their last packets. */
  private readonly candidates = new Map<string, Candidate>();

  /** Whether `name` is the stream that is shown. */
  isCurrent({ remote, ssrc }: StreamName): boolean {
    return this.current !== undefined && this.current.ssrc === ssrc && this.current.remote === remote;
  }

  /** Whether a stream from anywhere may be shown: there is none, or it is silent. */
  isVacant(now: Micros): boolean {
    return this.current === undefined || elapsed(this.current.lastHeard, now) >= SILENT_AFTER;
  }

  /** Something else of the current stream came: a report, a repair. */
  touch(now: Micros): void {
    if (this.current !== undefined) this.current.lastHeard = now;
  }

  /** A media packet came from `remote`. */
  offer(now: Micros, remote: string, arrived: ArrivedPacket): LockVerdict {
    const name = { remote, ssrc: arrived.packet.ssrc };
    if (this.isCurrent(name)) {
      this.touch(now);
      return CURRENT;
    }
    const key = `${name.ssrc} ${remote}`;
    const candidate = this.candidates.get(key);
    const { sequenceNumber: sequence } = arrived.packet;
    const held = [...(candidate?.held.slice(1 - MAX_HELD_PACKETS) ?? []), arrived];
    const isProven = candidate?.expected === sequence || (arrived.startsKeyframe && this.current === undefined);
    if (isProven && this.isFree(now, name)) {
      this.candidates.clear();
      this.current = { ...name, lastHeard: now };
      return { kind: "locked", packets: held.toSorted(bySequence) };
    }
    this.candidates.delete(key);
    this.candidates.set(key, { held, expected: sequenceNumber(sequence + 1) });
    if (this.candidates.size > MAX_CANDIDATES) this.candidates.delete(this.candidates.keys().next().value!);
    return IGNORED;
  }

  /** The current stream comes from another address now. */
  move(remote: string): void {
    if (this.current !== undefined) this.current = { ...this.current, remote };
  }

  /** The current stream said goodbye. */
  end(now: Micros): void {
    if (this.current !== undefined) this.ended = { ...this.current, at: now };
    this.current = undefined;
  }

  private isFree(now: Micros, { remote, ssrc }: StreamName): boolean {
    const { current, ended } = this;
    if (ended?.ssrc === ssrc && ended.remote === remote && elapsed(ended.at, now) < ENDED_FOR) return false;
    if (current?.remote === remote) return elapsed(current.lastHeard, now) >= STOPPED_AFTER;
    return this.isVacant(now);
  }
}

function bySequence(a: ArrivedPacket, b: ArrivedPacket): number {
  return sequenceDelta(b.packet.sequenceNumber, a.packet.sequenceNumber);
}
