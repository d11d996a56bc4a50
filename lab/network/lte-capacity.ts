import { millis, type Rng, uniform } from "sightline/core";
import type { CapacityTrace } from "./capacity-trace.js";
import { exponential, gaussian, gaussMarkov } from "./distributions.js";

/** A phone in an LTE cell: what it gets moves with hills and houses, with others in the cell, and stops at handovers. */
export interface LteCapacity {
  readonly kind: "lte";
  readonly bandwidthHz: number;
  readonly meanSnrDb: number;
  /** How fast it moves: walking 1.4, a car in town 14. */
  readonly speedMps: number;
  /** Others in the cell who want something at the same time, in the mean. They get equal shares. */
  readonly otherUsers: number;
  readonly handoversPerMinute: number;
}

/** The link level model of 3GPP TR 36.942 annex A: an attenuated Shannon bound, nothing below a least SNR. */
const SHANNON_PART = 0.6;
const LEAST_SNR_DB = -10;
const MOST_BPS_PER_HZ = 4.4;
/** Shadowing: standard deviation and decorrelation distance for macro cells in towns (ITU-R M.2135, Gudmundson 1991). */
const SHADOWING_DB = 6;
const DECORRELATION_M = 50;
/** Fast fading at 2 GHz on two antennas: it decorrelates over 0.42 wavelengths (Clarke's model). */
const WAVELENGTH_M = 0.15;
const COHERENCE_WAVELENGTHS = 0.42;
const ANTENNAS = 2;
/** Another user stays that long in the mean: a web page, a video segment. */
const SESSION_MS = 2_000;
/** Neither cell serves during a handover (3GPP TR 36.881). */
const HANDOVER_MS = 50;
const SLOT_MS = 10;

/** Draws a trace of what a phone of this kind gets. */
export function lteCapacity(model: LteCapacity, rng: Rng): CapacityTrace {
  const moved = (model.speedMps * SLOT_MS) / 1_000;
  const shadowingLeft = Math.exp(-moved / DECORRELATION_M);
  const fadingLeft = Math.exp(-moved / (COHERENCE_WAVELENGTHS * WAVELENGTH_M));
  let shadowing = gaussian(rng);
  let paths = Array.from({ length: 2 * ANTENNAS }, () => gaussian(rng));
  let others = Math.round(model.otherUsers);
  let handoverUntil = 0;
  let nextHandover = exponential(rng, 60_000 / model.handoversPerMinute);
  return {
    slot: millis(SLOT_MS),
    next: (index) => {
      const now = index * SLOT_MS;
      shadowing = gaussMarkov(rng, shadowing, shadowingLeft);
      paths = paths.map((path) => gaussMarkov(rng, path, fadingLeft));
      if (uniform(rng) < (model.otherUsers * SLOT_MS) / SESSION_MS) others += 1;
      if (uniform(rng) < (others * SLOT_MS) / SESSION_MS) others -= 1;
      if (now >= nextHandover) {
        handoverUntil = now + HANDOVER_MS;
        nextHandover = handoverUntil + exponential(rng, 60_000 / model.handoversPerMinute);
        shadowing = gaussian(rng);
      }
      if (now < handoverUntil) return 0;
      const fading = paths.reduce((power, path) => power + path ** 2, 0) / paths.length;
      const snrDb = model.meanSnrDb + SHADOWING_DB * shadowing + 10 * Math.log10(fading);
      return (spectralEfficiency(snrDb) * model.bandwidthHz) / (1 + others);
    },
  };
}

/** In bit/s/Hz. */
function spectralEfficiency(snrDb: number): number {
  if (snrDb < LEAST_SNR_DB) return 0;
  return Math.min(SHANNON_PART * Math.log2(1 + 10 ** (snrDb / 10)), MOST_BPS_PER_HZ);
}
