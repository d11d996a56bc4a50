import type { PacketRun } from "./packet-run.js";

/** The packets that wait for others: runs in sequence order, joined as gaps between them close. */
export class ReorderBuffer {
  private readonly sorted: PacketRun[] = [];
  private packets = 0;
  private bytes = 0;

  /** The runs in sequence order. Two of them that touch belong to different frames. */
  get runs(): readonly PacketRun[] {
    return this.sorted;
  }

  /** The earliest run. */
  get first(): PacketRun | undefined {
    return this.sorted[0];
  }

  /** Packets held, padding included. */
  get packetCount(): number {
    return this.packets;
  }

  /** Payload bytes held. */
  get byteCount(): number {
    return this.bytes;
  }

  /**
   * Puts a run of one packet in its place, and joins it with what it touches.
   *
   * @returns false if the packet is already there
   */
  insert(run: PacketRun): boolean {
    const place = this.countUpTo(run.firstSequence);
    const before = this.sorted[place - 1];
    if (before !== undefined && run.firstSequence <= before.lastSequence) return false;
    this.packets++;
    this.bytes += run.byteCount;
    this.sorted.splice(place, 0, run);
    this.join(place);
    this.join(place - 1);
    return true;
  }

  /** Takes the earliest run out. */
  shift(): PacketRun | undefined {
    const run = this.sorted.shift();
    if (run !== undefined) {
      this.packets -= run.packetCount;
      this.bytes -= run.byteCount;
    }
    return run;
  }

  /** Drops everything. */
  clear(): void {
    this.sorted.length = 0;
    this.packets = 0;
    this.bytes = 0;
  }

  /** If the run at `index` touches the next: joins the two, or notes that a frame ends between them. */
  private join(index: number): void {
    const run = this.sorted[index];
    const next = this.sorted[index + 1];
    if (run === undefined || next === undefined || run.lastSequence + 1 !== next.firstSequence) return;
    if (run.isFollowedByAnotherFrame(next)) {
      run.ended = true;
      next.started = true;
    } else {
      run.append(next);
      this.sorted.splice(index + 1, 1);
    }
  }

  /** How many runs begin at or before a sequence number; searched from the end, where packets mostly arrive. */
  private countUpTo(sequence: number): number {
    let low = 0;
    let high = this.sorted.length;
    if (high > 0 && this.sorted[high - 1]!.firstSequence <= sequence) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle]!.firstSequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
