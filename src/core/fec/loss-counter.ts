import type { LossObservation } from "./loss-estimator.js";

/** Counts losses and their runs from what became of packets, one after another in the order of sending. */
export class LossCounter {
  private packets = 0;
  private lost = 0;
  private lossRuns = 0;
  private isInRun = false;

  /** The next packet was received or lost. */
  add({ received }: { readonly received: boolean }): void {
    this.packets += 1;
    if (!received) {
      this.lost += 1;
      if (!this.isInRun) this.lossRuns += 1;
    }
    this.isInRun = !received;
  }

  /** What was counted since the call before. A run that goes on is counted where it began. */
  take(): LossObservation {
    const { packets, lost, lossRuns } = this;
    this.packets = 0;
    this.lost = 0;
    this.lossRuns = 0;
    return { packets, lost, lossRuns };
  }
}
