import { type RtpPacket, type SequenceNumber, sequenceNumber } from "../rtp/index.js";
import { sharedErasureEngine } from "./create-erasure-engine.js";
import type { ErasureEngine } from "./erasure-engine.js";
import type { FecDecoder, FecDecoderStatistics } from "./fec-codec.js";
import { PacketWindow } from "./packet-window.js";
import { type PendingRepair, solvableTogether, solveRepairs } from "./pending-repair.js";
import { fromProtectedForm } from "./protected-form.js";
import type { RepairFormat } from "./repair-format.js";

/** Repair packets kept while what they protect is missing: those of a frame of 1,500 packets. The oldest give way. */
const MAX_PENDING = 384;
/** Repair packets that one arrival is tried with, those that miss the fewest; bounds the time that it can take. */
const MAX_ATTEMPTS = 2;

/** What a decoder must know. */
export interface RepairDecoderOptions {
  /** How repair packets are written. */
  readonly format: RepairFormat;
  /** The protected stream; repair packets of others are rejected. */
  readonly mediaSsrc: number;
  /** Default: the fastest that there is. */
  readonly engine?: ErasureEngine;
}

/**
 * Rebuilds packets from repair packets of any linear code over GF(2⁸). Each repair packet is an equation in the packets it
 * protects; as soon as some equations have no more unknowns than there are of them, they are solved. Blocks may overlap:
 * what one equation recovers, the others know.
 */
export class RepairDecoder implements FecDecoder {
  private readonly format: RepairFormat;
  private readonly mediaSsrc: number;
  private readonly engine: ErasureEngine;
  private readonly media = new PacketWindow();
  /** By the repair stream's sequence numbers, in the order of arrival; each misses at least one packet. */
  private readonly pending = new Map<SequenceNumber, PendingRepair>();
  private newestMember: number | undefined;
  private readonly counts = { received: 0, recovered: 0, unused: 0, expired: 0, rejected: 0 };

  constructor({ format, mediaSsrc, engine = sharedErasureEngine() }: RepairDecoderOptions) {
    this.format = format;
    this.mediaSsrc = mediaSsrc;
    this.engine = engine;
  }

  /** {@inheritDoc FecDecoder.onMedia} */
  onMedia(packet: RtpPacket): RtpPacket[] {
    const extended = this.media.add(packet);
    if (extended === undefined || this.pending.size === 0) return [];
    this.expire();
    return this.recoverFrom(this.learn(extended));
  }

  /** {@inheritDoc FecDecoder.onRepair} */
  onRepair(packet: RtpPacket): RtpPacket[] {
    this.counts.received += 1;
    const repair = this.readRepair(packet);
    if (repair === undefined || this.pending.has(packet.sequenceNumber)) {
      this.counts.rejected += 1;
      return [];
    }
    if (repair.missing.size === 0) {
      this.counts.unused += 1;
      return [];
    }
    this.pending.set(packet.sequenceNumber, repair);
    this.expire();
    return this.recoverFrom([repair]);
  }

  /** {@inheritDoc FecDecoder.isRepairExpected} */
  isRepairExpected(sequence: SequenceNumber): boolean {
    const extended = this.media.extend(sequence);
    if (extended === undefined) return false;
    const about = [...this.pending.values()].filter(({ missing }) => missing.has(extended));
    return about.at(-1) !== undefined && about.at(-1)!.remaining > 0;
  }

  /** {@inheritDoc FecDecoder.newestProtected} */
  get newestProtected(): SequenceNumber | undefined {
    return this.newestMember === undefined ? undefined : sequenceNumber(this.newestMember);
  }

  /** {@inheritDoc FecDecoder.stats} */
  stats(): FecDecoderStatistics {
    const { received, recovered, unused, expired, rejected } = this.counts;
    return {
      repairPacketsReceived: received,
      packetsRecovered: recovered,
      repairPacketsUnused: unused,
      repairPacketsExpired: expired,
      repairPacketsRejected: rejected,
    };
  }

  private readRepair(packet: RtpPacket): PendingRepair | undefined {
    const repair = this.format.readRepair(packet);
    if (repair === undefined || repair.ssrc !== this.mediaSsrc) return undefined;
    const members: number[] = [];
    for (const sequence of repair.sequences) {
      const extended = this.media.extend(sequence);
      if (extended === undefined) return undefined;
      members.push(extended);
    }
    this.newestMember = Math.max(this.newestMember ?? 0, ...members);
    const missing = new Set(members.filter((member) => !this.media.has(member)));
    return { members, factors: repair.factors, parity: repair.parity, remaining: repair.remaining, missing };
  }

  /** A packet is there now: tells the repair packets that missed it. The most promising of them are returned. */
  private learn(extended: number): PendingRepair[] {
    const changed: PendingRepair[] = [];
    for (const [sequence, repair] of this.pending) {
      if (!repair.missing.delete(extended)) continue;
      if (repair.missing.size === 0) this.pending.delete(sequence);
      else changed.push(repair);
    }
    return changed.sort((a, b) => a.missing.size - b.missing.size).slice(0, MAX_ATTEMPTS);
  }

  /** What can be rebuilt now that these repair packets are new or miss less than before. */
  private recoverFrom(changed: PendingRepair[]): RtpPacket[] {
    const recovered: RtpPacket[] = [];
    for (let repair = changed.pop(); repair !== undefined; repair = changed.pop()) {
      if (repair.missing.size === 0) continue;
      const repairs = solvableTogether(repair, [...this.pending.values()]);
      if (repairs === undefined) continue;
      const forms = solveRepairs(repairs, {
        engine: this.engine,
        known: (member) => this.format.normalize(this.media.get(member)!),
      });
      if (forms === undefined) continue;
      for (const [extended, form] of forms) {
        const packet = fromProtectedForm(form, { ssrc: this.mediaSsrc, sequenceNumber: sequenceNumber(extended) });
        if (packet === undefined) {
          this.reject(repairs);
          break;
        }
        this.media.add(packet);
        this.counts.recovered += 1;
        recovered.push(packet);
        changed.push(...this.learn(extended));
      }
    }
    return recovered;
  }

  /** Their sum is no packet: at least one of them, or of what they protect, is not what was sent. */
  private reject(repairs: readonly PendingRepair[]): void {
    for (const [sequence, repair] of this.pending) {
      if (!repairs.includes(repair)) continue;
      this.pending.delete(sequence);
      this.counts.rejected += 1;
    }
  }

  /** Drops repair packets that are too many, or whose packets the window no longer keeps. */
  private expire(): void {
    for (const [sequence, { members }] of this.pending) {
      if (this.pending.size <= MAX_PENDING && members[0]! >= this.media.oldest) continue;
      this.pending.delete(sequence);
      this.counts.expired += 1;
    }
  }
}
