/**
 * What it costs to get packets out, on one core: sockets, encryption, and a whole sender. Everything goes to sockets of another
 * process of this machine, which takes what it can.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  DEFAULT_CODEC_PAYLOAD_TYPES,
  DEFAULT_EXTENSION_MAP,
  type EncodedFrame,
  micros,
  RtpSender,
  rtpTimestamp,
  SeededRng,
  sequenceNumber,
  serializeRtpPacket,
} from "sightline/core";
import { now } from "#internal/clock/index.js";
import { Driver, PassphraseKey, SrtpSession, UdpSocket } from "#internal/transport/index.js";
import { type BenchResult, type BenchUnit, bench, benchTurns } from "./measure.js";

const PER_PACKET: BenchUnit = { unit: "µs", per: "packet" };
const PAYLOAD_BYTES = 1_200;
/** A frame of 8 Mb/s at 30 a second has 28 packets, a keyframe hundreds; a burst of the pacer has 40. */
const FRAME_PACKETS = 40;
const DESTINATIONS = 30;
const CHILD_FLAG = "SIGHTLINE_BENCH_RECEIVER";

if (process.env[CHILD_FLAG]) await receive();

const receiver = fork(fileURLToPath(import.meta.url), { env: { ...process.env, [CHILD_FLAG]: "1" } });
const [places] = (await once(receiver, "message")) as [string[]];
const here = places[0]!;
const socket = await UdpSocket.bind({ family: 4 });
const packet = media(0);

reportRate(
  await benchTurns("send one by one (node:dgram)", PER_PACKET, () => {
    for (let i = 0; i < FRAME_PACKETS; i++) socket.send(packet, here);
    return FRAME_PACKETS;
  }),
);
reportRate(
  await benchTurns(`send frames of ${FRAME_PACKETS} packets (queue, flush)`, PER_PACKET, () =>
    sendFrame(FRAME_PACKETS, here),
  ),
);
reportRate(await benchTurns("send frames of 8 packets (queue, flush)", PER_PACKET, () => sendFrame(8, here)));
reportRate(
  await benchTurns(`send frames of ${FRAME_PACKETS} packets to ${DESTINATIONS} places`, PER_PACKET, () => {
    for (const address of places) sendFrame(FRAME_PACKETS, address);
    return FRAME_PACKETS * DESTINATIONS;
  }),
);
console.log(`batches in one system call (UDP_SEGMENT): ${socket.segmentation}`);

const key = await PassphraseKey.derive("four random words");
for (const master of [key.newMasterKey(), key.fixedMasterKey()]) {
  const [sender, opener] = [new SrtpSession(master), new SrtpSession(master)];
  let next = 0;
  bench(`${master.suite}, protect`, PER_PACKET, () => {
    sender.protect(media(next++));
    return 1;
  });
  bench(`${master.suite}, protect and open`, PER_PACKET, () => {
    opener.unprotect(sender.protect(media(next++))!);
    return 1;
  });
}

const whole: [string, (datagram: Uint8Array) => Uint8Array | undefined][] = [
  ["frame to wire: RtpSender, socket", (datagram) => datagram],
];
const session = new SrtpSession(key.newMasterKey());
whole.push(["frame to wire: RtpSender, AES-GCM, socket", (datagram) => session.protect(datagram)]);
for (const [name, protect] of whole) reportRate(await benchSender(name, protect));

receiver.kill();
await socket.close();

/** Tells the addresses of its sockets and reads them until it is killed. */
async function receive(): Promise<never> {
  const sockets = await Promise.all(
    Array.from({ length: DESTINATIONS }, () => UdpSocket.bind({ family: 4, address: "127.0.0.1" })),
  );
  process.send?.(sockets.map(({ address }) => address));
  return new Promise(() => {});
}

function sendFrame(packets: number, remote: string): number {
  for (let i = 0; i < packets; i++) socket.queue(packet, remote);
  socket.flush();
  return packets;
}

/** A sender without pacing, driven as `share` does it. */
async function benchSender(
  name: string,
  protect: (datagram: Uint8Array) => Uint8Array | undefined,
): Promise<BenchResult> {
  let sent = 0;
  const sender = new RtpSender({
    codec: "h264",
    ssrc: 1,
    rtxSsrc: 2,
    ...DEFAULT_CODEC_PAYLOAD_TYPES.h264,
    extensions: DEFAULT_EXTENSION_MAP,
    cname: "bench",
    rng: new SeededRng(1),
    bitrateBps: 1e9,
    pacer: { kind: "none" },
  });
  const driver = new Driver(sender, {
    transmit: ({ datagram }: { readonly datagram: Uint8Array }) => {
      sent += 1;
      const sealed = protect(datagram);
      if (sealed !== undefined) socket.queue(sealed, here);
    },
    event: () => {},
    drained: () => socket.flush(),
  });
  const result = await benchTurns(name, PER_PACKET, () => {
    const before = sent;
    driver.input({ kind: "frame", frame: makeFrame() });
    return sent - before;
  });
  driver.stop();
  return result;
}

function makeFrame(): EncodedFrame {
  const data = new Uint8Array(FRAME_PACKETS * (PAYLOAD_BYTES - 2)).fill(0x55);
  data.set([0, 0, 0, 1, 0x65]);
  return { codec: "h264", data, keyframe: true, captureTime: micros(now()) };
}

function media(index: number): Uint8Array {
  return serializeRtpPacket({
    payloadType: 96,
    marker: false,
    sequenceNumber: sequenceNumber(index),
    timestamp: rtpTimestamp(index),
    ssrc: 7,
    extensions: [],
    payload: new Uint8Array(PAYLOAD_BYTES),
  });
}

function reportRate({ median }: BenchResult): void {
  console.log(`${"".padEnd(4)}= ${(1_000 / median).toFixed(0)} thousand packets/s`);
}
