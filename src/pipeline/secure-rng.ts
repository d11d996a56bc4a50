import { randomFillSync } from "node:crypto";
import type { Rng } from "../core/index.js";

const pool = new Uint32Array(64);
let used = pool.length;

/** Random numbers that nobody can foresee, for what goes on the wire: SSRCs, first sequence numbers and timestamps (RFC 3550 §5.1). */
export const secureRng: Rng = {
  uint32() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    return pool[used++]!;
  },
};
