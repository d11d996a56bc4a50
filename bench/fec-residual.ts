/**
 * What protection achieves: the part of frames that wait because packets were lost, and what the repair packets cost, in a
 * seeded simulation. Frames depend on each other, so one that waits holds up those behind it; a retransmission brings what
 * is missing a fixed number of frames later. Not a time but a measurement all the same: docs/fec.md shows this table.
 */

import {
  createFecDecoder,
  createFecEncoder,
  type Rng,
  type RtpPacket,
  rtpTimestamp,
  SeededRng,
  sequenceNumber,
  uniform,
} from "sightline/core";

const FRAMES = 6_000;
const RETRANSMISSION_FRAMES = [3, 7];
const PATHS = [
  { name: "5 %", rate: 0.05, meanBurst: 1 },
  { name: "10 % in bursts of 3", rate: 0.1, meanBurst: 3 },
  { name: "20 %", rate: 0.2, meanBurst: 1 },
];
const SIZES = [
  { packets: 1, repairs: 1 },
  { packets: 3, repairs: 1 },
  { packets: 3, repairs: 2 },
  { packets: 8, repairs: 3 },
];
const STREAMS = { ssrc: 2, payloadType: 118, mediaSsrc: 1, firstSequenceNumber: sequenceNumber(0) };
const OPTIONS = { scheme: "reed-solomon" } as const;

for (const retransmissionFrames of RETRANSMISSION_FRAMES) {
  for (const path of PATHS) {
    for (const size of SIZES) {
      const run = (windows: boolean): string => {
        const { waiting, waitingLonger } = simulate({ ...path, ...size, retransmissionFrames, windows });
        return `${percent(waiting)} wait, ${percent(waitingLonger)} more than a frame`;
      };
      const name = `${path.name}, ${size.packets}+${size.repairs}, retransmission after ${retransmissionFrames} frames`;
      console.log(`${name.padEnd(60)} each frame alone: ${run(false)}; overlapping: ${run(true)}`);
    }
  }
}

/** @param options - `windows`: repair packets protect earlier frames too */
function simulate(options: {
  rate: number;
  meanBurst: number;
  packets: number;
  repairs: number;
  retransmissionFrames: number;
  windows: boolean;
}): { waiting: number; waitingLonger: number } {
  const { packets, repairs, retransmissionFrames, windows } = options;
  const isLost = lossOf(options, new SeededRng(1));
  const decoder = createFecDecoder(OPTIONS, STREAMS);
  let encoder = createFecEncoder(OPTIONS, STREAMS);
  let nextRepair = 0;
  const missing = new Map<number, { readonly packet: RtpPacket; readonly frame: number }>();
  const completeAt = Array.from({ length: FRAMES }, (_, frame) => frame);

  for (let now = 0; now < FRAMES; now++) {
    const receive = (recovered: readonly RtpPacket[]): void => {
      for (const packet of recovered) arrived(packet);
    };
    const arrived = (packet: RtpPacket): void => {
      const entry = missing.get(packet.sequenceNumber);
      if (entry === undefined) return;
      missing.delete(packet.sequenceNumber);
      completeAt[entry.frame] = Math.max(completeAt[entry.frame]!, now);
    };
    for (const { packet, frame } of [...missing.values()]) {
      if (frame + retransmissionFrames > now) continue;
      arrived(packet);
      receive(decoder.onMedia(packet));
    }
    const media = makeFrame(now, packets);
    if (!windows) encoder = createFecEncoder(OPTIONS, { ...STREAMS, firstSequenceNumber: sequenceNumber(nextRepair) });
    const repair = encoder.protect(media, repairs);
    nextRepair += repair.length;
    for (const packet of media) {
      if (isLost()) missing.set(packet.sequenceNumber, { packet, frame: now });
      else receive(decoder.onMedia(packet));
    }
    for (const packet of repair) if (!isLost()) receive(decoder.onRepair(packet));
  }

  let waiting = 0;
  let waitingLonger = 0;
  let shownAt = 0;
  for (const [frame, complete] of completeAt.entries()) {
    shownAt = Math.max(shownAt, complete);
    if (shownAt > frame) waiting += 1;
    if (shownAt > frame + 1) waitingLonger += 1;
  }
  return { waiting: waiting / FRAMES, waitingLonger: waitingLonger / FRAMES };
}

/** Gilbert's model. */
function lossOf({ rate, meanBurst }: { rate: number; meanBurst: number }, rng: Rng): () => boolean {
  const leave = Math.min(1 / meanBurst, 1 - rate);
  const enter = (rate * leave) / (1 - rate);
  let isLosing = false;
  return () => {
    isLosing = isLosing ? uniform(rng) >= leave : uniform(rng) < enter;
    return isLosing;
  };
}

function makeFrame(frame: number, count: number): RtpPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    payloadType: 96,
    marker: i === count - 1,
    sequenceNumber: sequenceNumber(frame * count + i),
    timestamp: rtpTimestamp(frame * 3_000),
    ssrc: 1,
    extensions: [],
    payload: Uint8Array.of(frame, i),
  }));
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1).padStart(4)} %`;
}
