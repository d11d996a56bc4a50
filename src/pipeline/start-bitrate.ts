/** Before the path is known: what any LAN and most uplinks carry, so that the first picture is sharp. Probing goes on from there. */
const START_BITRATE_BPS = 8e6;

/**
 * Where congestion control starts on a path of which nothing is known.
 *
 * @param capBps - the most that video may take, in bits/s
 */
export function startBitrate(capBps: number): number {
  return Math.min(capBps, START_BITRATE_BPS);
}
