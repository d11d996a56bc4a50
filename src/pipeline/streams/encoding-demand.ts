/** A new bitrate is passed on when it differs from the one in force by this part: encoders follow in steps anyway. */
const MEANINGFUL_CHANGE = 0.04;

/** What the outputs of one encoding together ask of its encoder. */
export interface EncoderControl {
  setBitrate(bitrateBps: number): void;
  hold(on: boolean): void;
}

/** Where one output says what its path can take. */
export interface DemandMember {
  limit(bitrateBps: number): void;
  congested(on: boolean): void;
}

/** Joins what the paths of one encoding can take: one encode serves them all, so the narrowest decides. */
export class EncodingDemand {
  private readonly control: EncoderControl;
  private readonly limits = new Map<DemandMember, number>();
  private readonly congested = new Set<DemandMember>();
  private bitrateBps: number;

  /**
   * @param capBps - what the encoder is set to at first, and never exceeds
   * @param control - told of changes
   */
  constructor(capBps: number, control: EncoderControl) {
    this.bitrateBps = capBps;
    this.control = control;
  }

  /** What the encoder is to use now. */
  get currentBps(): number {
    return this.bitrateBps;
  }

  /** A further output. */
  join(): DemandMember {
    const member: DemandMember = {
      limit: (bitrateBps) => {
        this.limits.set(member, bitrateBps);
        this.follow();
      },
      congested: (on) => {
        const wasHeld = this.congested.size > 0;
        if (on) this.congested.add(member);
        else this.congested.delete(member);
        const isHeld = this.congested.size > 0;
        if (isHeld !== wasHeld) this.control.hold(isHeld);
      },
    };
    return member;
  }

  private follow(): void {
    const wanted = Math.min(...this.limits.values());
    if (Math.abs(wanted - this.bitrateBps) < this.bitrateBps * MEANINGFUL_CHANGE) return;
    this.bitrateBps = wanted;
    this.control.setBitrate(wanted);
  }
}
