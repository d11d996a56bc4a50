import type { SenderStatistics } from "../core/index.js";
import type { PathStatistics } from "./share-types.js";

/** What a person wants to know of a sender's path; of several receivers, the one that misses most. */
export function pathStatistics(statistics: SenderStatistics): PathStatistics {
  const { packetsSent, packetsRetransmitted, bitrateBps, targetBitrateBps, receivers } = statistics;
  const worst = receivers.toSorted((a, b) => b.fractionLost - a.fractionLost)[0];
  return {
    packetsSent,
    bitrateBps,
    targetBitrateBps,
    packetsResent: packetsRetransmitted,
    ...(worst && { lossFraction: worst.fractionLost }),
    ...(worst?.roundTripMs !== undefined && { roundTripMs: worst.roundTripMs }),
  };
}
