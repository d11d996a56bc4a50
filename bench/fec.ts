/**
 * What the erasure code and the protection of frames cost. A microsecond per kilobyte is a gigabyte per second; the calls
 * are measured as they are used, copies into and out of the engine's memory included.
 */

import {
  createErasureEngine,
  createFecDecoder,
  createFecEncoder,
  type FecScheme,
  ReedSolomon,
  type RtpPacket,
  rtpTimestamp,
  SeededRng,
  sequenceNumber,
} from "sightline/core";
import { bench } from "./measure.js";

const SHARD_BYTES = 1_200;
const BLOCKS = [
  { dataShards: 10, parityShards: 2 },
  { dataShards: 20, parityShards: 4 },
  { dataShards: 40, parityShards: 10 },
];
const FRAMES = [
  { packets: 8, repairs: 2 },
  { packets: 400, repairs: 40 },
];
const PER_PACKET = { unit: "µs", per: "packet" } as const;
const PER_KILOBYTE = { unit: "µs", per: "kB" } as const;

const PAYLOAD = new Uint8Array(SHARD_BYTES).fill(7);

const rng = new SeededRng(1);

for (const block of BLOCKS) {
  const { dataShards, parityShards } = block;
  const data = Array.from({ length: dataShards }, () => Uint8Array.from({ length: SHARD_BYTES }, () => rng.uint32()));
  const kilobytes = (dataShards * SHARD_BYTES) / 1_000;
  for (const kind of ["wasm", "typescript"] as const) {
    const code = new ReedSolomon({ ...block, engine: createErasureEngine(kind) });
    const name = `${dataShards}+${parityShards} shards, ${kind}`;
    report(
      bench(`Reed-Solomon encode, ${name}`, PER_KILOBYTE, () => {
        code.encode(data);
        return kilobytes;
      }).median,
    );
    const received = [...data.map((shard, i) => (i < parityShards ? undefined : shard)), ...code.encode(data)];
    report(
      bench(`Reed-Solomon decode, ${parityShards} lost, ${name}`, PER_KILOBYTE, () => {
        if (code.decode(received) === undefined) throw new Error("the block could not be decoded");
        return kilobytes;
      }).median,
    );
  }
}

for (const scheme of ["reed-solomon", "flexfec-03"] as const) {
  for (const { packets, repairs } of FRAMES) benchFrames(scheme, packets, repairs);
}

/** What protection costs for each packet of a frame. Reed-Solomon repairs as many losses as there are repair packets. */
function benchFrames(scheme: FecScheme, count: number, repairs: number): void {
  const streams = { ssrc: 2, payloadType: 118, mediaSsrc: 1, firstSequenceNumber: sequenceNumber(0) };
  const lost = scheme === "reed-solomon" ? repairs : 1;
  const name = `${scheme}, ${count}+${repairs} packets`;
  let frame = makeFrame(0, count);
  const encoder = createFecEncoder({ scheme }, streams);
  bench(`protect a frame, ${name}`, PER_PACKET, () => {
    frame = makeFrame(frame.at(-1)!.sequenceNumber + 1, count);
    encoder.protect(frame, repairs);
    return count;
  });
  const made = createFecEncoder({ scheme }, streams).protect(frame, repairs);
  bench(`receive a frame without loss, ${name}`, PER_PACKET, () => {
    const decoder = createFecDecoder({ scheme }, streams);
    for (const packet of frame) decoder.onMedia(packet);
    return count;
  });
  bench(`receive a frame, ${lost} lost, ${name}`, PER_PACKET, () => {
    const decoder = createFecDecoder({ scheme }, streams);
    for (const packet of frame.slice(lost)) decoder.onMedia(packet);
    for (const packet of made) decoder.onRepair(packet);
    if (decoder.stats().packetsRecovered < lost) throw new Error("the frame could not be repaired");
    return count;
  });
}

function makeFrame(firstSequence: number, count: number): RtpPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    payloadType: 96,
    marker: i === count - 1,
    sequenceNumber: sequenceNumber(firstSequence + i),
    timestamp: rtpTimestamp(0),
    ssrc: 1,
    extensions: [],
    payload: PAYLOAD,
  }));
}

/** Says the same as a throughput of data. */
function report(microsPerKilobyte: number): void {
  console.log(`${"".padEnd(52)} ${(1 / microsPerKilobyte).toFixed(2).padStart(8)} GB/s of data`);
}
