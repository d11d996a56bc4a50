/** A new bitrate is passed on when it differs from the one in force by this part: encoders follow in steps anyway. */
const MEANINGFUL_CHANGE = 0.04;
/** A path that carries more than this is not what others are measured by: on this one, too, every page that flips is seen soon. */
export const WIDE_BPS = 20e6;

/** What the takers of one encoding together ask of its encoder. */
export interface EncoderControl {
  setBitrate(bitrateBps: number): void;
  hold(on: boolean): void;
}

/** Options of {@link EncodingDemand}. */
export interface DemandOptions {
  /** What the encoder is set to at first. */
  readonly startBps: number;
  /**
   * A path that carries less than this part of what the widest carries does not decide: whoever is behind it is about to
   * move to another encoding. 0: every path counts.
   */
  readonly outlierPart: number;
  /** The encoder is given no more at present, in bits/s. Default: what paths carry. */
  readonly mostBps?: () => number;
  /** Told of changes. */
  readonly control: EncoderControl;
}

/** Where one taker says what its path can take. */
export interface DemandMember {
  limit(bitrateBps: number): void;
  congested(on: boolean): void;
  leave(): void;
}

/**
 * Joins what the paths of one encoding can take. One encode serves them all: the narrowest path that is no outlier sets the
 * bitrate, and encoding is held while nobody could send another frame. With one taker the encoder so follows it exactly.
 */
export class EncodingDemand {
  private readonly control: EncoderControl;
  private readonly outlierPart: number;
  private readonly mostBps: () => number;
  private readonly limits = new Map<DemandMember, number>();
  private readonly members = new Set<DemandMember>();
  private readonly congested = new Set<DemandMember>();
  private bitrateBps: number;
  private held = true;

  constructor({ startBps, outlierPart, mostBps = () => Number.POSITIVE_INFINITY, control }: DemandOptions) {
    this.bitrateBps = startBps;
    this.outlierPart = outlierPart;
    this.mostBps = mostBps;
    this.control = control;
  }

  /** What the encoder is to use now. */
  get currentBps(): number {
    return this.bitrateBps;
  }

  /** Whether encoding is held; it is while nobody is there, from the start on. */
  get isHeld(): boolean {
    return this.held;
  }

  /** A further taker. */
  join(): DemandMember {
    const member: DemandMember = {
      limit: (bitrateBps) => {
        this.limits.set(member, bitrateBps);
        this.followLimits();
      },
      congested: (on) => {
        if (on) this.congested.add(member);
        else this.congested.delete(member);
        this.followCongestion();
      },
      leave: () => {
        for (const group of [this.members, this.congested, this.limits]) group.delete(member);
        this.followLimits();
        this.followCongestion();
      },
    };
    this.members.add(member);
    this.followCongestion();
    return member;
  }

  private followLimits(): void {
    if (this.limits.size === 0) return;
    const widest = Math.min(Math.max(...this.limits.values()), WIDE_BPS);
    const counted = [...this.limits.values()].filter((limit) => limit >= widest * this.outlierPart);
    const wanted = Math.min(...counted, this.mostBps());
    if (Math.abs(wanted - this.bitrateBps) < this.bitrateBps * MEANINGFUL_CHANGE) return;
    this.bitrateBps = wanted;
    this.control.setBitrate(wanted);
  }

  /** Where nobody is, or everybody waits, a frame would only grow old. */
  private followCongestion(): void {
    const isHeld = this.congested.size === this.members.size;
    if (isHeld === this.held) return;
    this.held = isHeld;
    this.control.hold(isHeld);
  }
}
