import { type Rng, uniform } from "sightline/core";

/** How packets are lost. */
export type LossModel =
  /** Each by itself, with one probability. */
  | { readonly kind: "bernoulli"; readonly rate: number }
  /** In bursts: a good state without loss and a bad one, changing with these probabilities per packet (Elliott 1963). */
  | { readonly kind: "gilbert-elliott"; readonly toBad: number; readonly toGood: number; readonly lossInBad: number }
  /** As once seen: one character a packet, `x` for one that is lost, and again from the front after the last. */
  | { readonly kind: "trace"; readonly packets: string };

/** Independent loss: `rate` is the part of all packets. */
export function randomLoss(rate: number): LossModel {
  return { kind: "bernoulli", rate };
}

/**
 * Loss in bursts that take every packet, `rate` of all of them in the mean (Gilbert 1960).
 *
 * @param meanBurst - packets of a burst in the mean, at least 1
 */
export function burstLoss({ rate, meanBurst }: { readonly rate: number; readonly meanBurst: number }): LossModel {
  return { kind: "gilbert-elliott", toBad: rate / (meanBurst * (1 - rate)), toGood: 1 / meanBurst, lossInBad: 1 };
}

/** Decides packet by packet, as a {@link LossModel} says. The state of bursts stays when the model changes. */
export class LossProcess {
  private readonly rng: Rng;
  private isBad = false;
  private packets = 0;

  constructor(rng: Rng) {
    this.rng = rng;
  }

  /** Whether the next packet is lost. */
  next(model: LossModel | undefined): boolean {
    const index = this.packets++;
    switch (model?.kind) {
      case undefined:
        return false;
      case "bernoulli":
        return uniform(this.rng) < model.rate;
      case "gilbert-elliott":
        if (uniform(this.rng) < (this.isBad ? model.toGood : model.toBad)) this.isBad = !this.isBad;
        return this.isBad && uniform(this.rng) < model.lossInBad;
      case "trace":
        return model.packets[index % model.packets.length] === "x";
    }
  }
}
