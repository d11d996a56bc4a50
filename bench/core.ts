/** What the protocol costs per packet, without any I/O: a 1080p stream of 8 Mb/s is some 850 packets a second. */

import {
  createDepacketizer,
  createPacketizer,
  DEFAULT_CODEC_PAYLOAD_TYPES,
  DEFAULT_EXTENSION_MAP,
  DEFAULT_PAYLOAD_TYPES,
  type EncodedFrame,
  later,
  type Micros,
  micros,
  millis,
  parseRtcp,
  parseRtpPacket,
  type RtcpPacket,
  RtpReceiver,
  RtpSender,
  SeededRng,
  sequenceNumber,
  serializeRtcp,
  serializeRtpPacket,
} from "sightline/core";
import { bench } from "./measure.js";

const MAX_PAYLOAD_SIZE = 1_200;
const FRAME_BYTES = 40_000;
const FRAMES = 120;
const FRAME_INTERVAL = millis(1_000 / 30);
const START = micros(1_700_000_000_000_000);
const PER_PACKET = { unit: "µs", per: "packet" } as const;

const frame = makeFrame(START);
const packetizer = createPacketizer("h264");
const depacketizer = createDepacketizer("h264");
const payloads = packetizer.packetize(frame, MAX_PAYLOAD_SIZE);

bench(`H.264 packetize, ${FRAME_BYTES / 1_000} kB frames`, PER_PACKET, () => {
  return packetizer.packetize(frame, MAX_PAYLOAD_SIZE).length;
});
bench(`H.264 depacketize, ${FRAME_BYTES / 1_000} kB frames`, PER_PACKET, () => {
  depacketizer.depacketize(payloads);
  return payloads.length;
});

const datagrams = sendStream();
const packets = datagrams.map(({ datagram }) => parseRtpPacket(datagram)).filter((packet) => packet !== undefined);

bench("RTP parse, with header extensions", PER_PACKET, () => {
  for (const { datagram } of datagrams) parseRtpPacket(datagram);
  return datagrams.length;
});
bench("RTP serialize, with header extensions", PER_PACKET, () => {
  for (const packet of packets) serializeRtpPacket(packet);
  return packets.length;
});

const lost = Array.from({ length: 20 }, (_, index) => sequenceNumber(100 + 3 * index));
const arrivals = Array.from({ length: 50 }, (_, index) => ({
  sequenceNumber: sequenceNumber(index),
  arrival: index % 10 === 0 ? undefined : later(START, millis(index)),
}));
const messages: Record<string, RtcpPacket[]> = {
  "NACK of 20 packets": [{ kind: "nack", senderSsrc: 1, mediaSsrc: 2, lost }],
  "transport feedback on 50 packets": [
    {
      kind: "transport-feedback",
      senderSsrc: 1,
      mediaSsrc: 2,
      baseSequenceNumber: sequenceNumber(0),
      feedbackCount: 0,
      referenceTime: START,
      packets: arrivals,
    },
  ],
};
for (const [name, message] of Object.entries(messages)) {
  const bytes = serializeRtcp(message);
  bench(`RTCP serialize, ${name}`, { unit: "µs", per: "message" }, () => {
    serializeRtcp(message);
    return 1;
  });
  bench(`RTCP parse, ${name}`, { unit: "µs", per: "message" }, () => {
    parseRtcp(bytes);
    return 1;
  });
}

bench("RtpSender, frame to datagrams", PER_PACKET, () => sendStream().length);
bench("RtpReceiver, datagrams to frames", PER_PACKET, () => receiveStream());

/** An IDR picture that looks like H.264 to everything but a decoder. */
function makeFrame(captureTime: Micros): EncodedFrame {
  const data = new Uint8Array(FRAME_BYTES);
  const rng = new SeededRng(1);
  for (let i = 0; i < data.length; i += 1) data[i] = 1 + (rng.uint32() % 255);
  const parameterSets = [
    0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x28, 0xd9, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80, 0, 0, 0, 1, 0x65,
  ];
  data.set(parameterSets);
  return { codec: "h264", data, keyframe: true, captureTime };
}

/** The datagrams of a stream of {@link FRAMES} frames and when each leaves, pacing included, in virtual time. */
function sendStream(): { datagram: Uint8Array; at: Micros }[] {
  const sender = new RtpSender({
    codec: "h264",
    ssrc: 1,
    rtxSsrc: 2,
    ...DEFAULT_CODEC_PAYLOAD_TYPES.h264,
    extensions: DEFAULT_EXTENSION_MAP,
    cname: "bench",
    rng: new SeededRng(2),
    bitrateBps: 8 * FRAME_BYTES * 30,
  });
  const sent: { datagram: Uint8Array; at: Micros }[] = [];
  let now = START;
  for (let index = 0; index < FRAMES; index += 1) {
    const due = micros(START + index * FRAME_INTERVAL);
    now = drain(due);
    sender.handleInput(now, { kind: "frame", frame: { ...frame, captureTime: now } });
  }
  drain(micros(now + FRAME_INTERVAL));
  return sent;

  function drain(until: Micros): Micros {
    for (;;) {
      const output = sender.pollOutput(now);
      if (output.kind === "transmit") sent.push({ datagram: output.datagram, at: now });
      if (output.kind !== "timeout") continue;
      if (output.at > until) return until;
      now = output.at;
      sender.handleInput(now, { kind: "timeout" });
    }
  }
}

function receiveStream(): number {
  const receiver = new RtpReceiver({
    rng: new SeededRng(3),
    ssrc: 3,
    cname: "bench",
    payloadTypes: DEFAULT_PAYLOAD_TYPES,
    extensions: DEFAULT_EXTENSION_MAP,
  });
  let frames = 0;
  for (const { datagram, at } of datagrams) {
    receiver.handleInput(at, { kind: "datagram", datagram, remote: "sender", arrival: at });
    for (let output = receiver.pollOutput(at); output.kind !== "timeout"; output = receiver.pollOutput(at)) {
      if (output.kind === "event" && output.event.kind === "frame") frames += 1;
    }
  }
  if (frames < FRAMES) throw new Error(`the receiver made ${frames} frames of ${FRAMES}`);
  return datagrams.length;
}
