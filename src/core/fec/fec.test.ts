import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Rng, SeededRng } from "../random.js";
import {
  parseRtpPacket,
  type RtpPacket,
  rtpTimestamp,
  sequenceNumber,
  serializeRtpPacket,
  writeAbsCaptureTime,
  writeTransportSequenceNumber,
} from "../rtp/index.js";
import { micros } from "../time.js";
import { createFecDecoder, createFecEncoder, type FecScheme } from "./create-fec.js";

const SEED = 7;
const MEDIA_SSRC = 0x11223344;
const TRANSPORT_SEQUENCE_NUMBER = 3;
const ABS_CAPTURE_TIME = 4;

/** An encoder and a decoder, and the packets between them as they are on the wire. */
class Session {
  readonly encoder;
  readonly decoder;
  private next: number;
  private transport = 0;
  private timestamp = 0xffff_f000;
  private readonly rng: Rng;

  constructor(scheme: FecScheme, { rng = new SeededRng(SEED) as Rng, firstSequence = 65_530 } = {}) {
    const options = { scheme, transportSequenceNumber: TRANSPORT_SEQUENCE_NUMBER };
    const streams = { ssrc: 9, payloadType: 118, mediaSsrc: MEDIA_SSRC, firstSequenceNumber: sequenceNumber(65_534) };
    this.encoder = createFecEncoder(options, streams);
    this.decoder = createFecDecoder(options, { mediaSsrc: MEDIA_SSRC });
    this.rng = rng;
    this.next = firstSequence;
  }

  /** A frame as the packetizer makes it: packets of different sizes, header extensions at its edges, the last one marked. */
  frame(count: number): RtpPacket[] {
    this.timestamp += 3_000;
    const absCaptureTime = { id: ABS_CAPTURE_TIME, data: writeAbsCaptureTime({ captureTime: micros(1_000_000) }) };
    return Array.from({ length: count }, (_, i) => {
      const isEdge = i === 0 || i === count - 1;
      const payload = Uint8Array.from({ length: this.rng.uint32() % 60 }, () => this.rng.uint32());
      return {
        payloadType: 96,
        marker: i === count - 1,
        sequenceNumber: sequenceNumber(this.next++),
        timestamp: rtpTimestamp(this.timestamp),
        ssrc: MEDIA_SSRC,
        extensions: isEdge ? [absCaptureTime] : [],
        payload,
      };
    });
  }

  /** As received: with the transport-wide sequence number that packets get as they leave. */
  onWire(packet: RtpPacket): RtpPacket {
    const data = writeTransportSequenceNumber(sequenceNumber(this.transport++));
    const extensions = [{ id: TRANSPORT_SEQUENCE_NUMBER, data }, ...packet.extensions];
    return parseRtpPacket(serializeRtpPacket({ ...packet, extensions }))!;
  }

  receiveMedia(packet: RtpPacket): RtpPacket[] {
    return this.decoder.onMedia(this.onWire(packet));
  }

  receiveRepair(packet: RtpPacket): RtpPacket[] {
    return this.decoder.onRepair(this.onWire(packet));
  }
}

/** What must be the same in a packet that was rebuilt. */
function essence({ extensions, ...rest }: RtpPacket): unknown {
  return { ...rest, extensions: extensions.filter(({ id }) => id !== TRANSPORT_SEQUENCE_NUMBER) };
}

function bySequence(packets: readonly RtpPacket[]): unknown[] {
  return [...packets].sort((a, b) => ((a.sequenceNumber - b.sequenceNumber) << 16) >> 16).map(essence);
}

function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const keyed = items.map((item) => ({ item, key: rng.uint32() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

describe.each(["reed-solomon", "flexfec-03"] as const)("%s", (scheme) => {
  test("a lost packet is rebuilt whole as soon as the repair packet comes", () => {
    for (const size of [1, 2, 7, 15, 16, 40]) {
      for (let lost = 0; lost < size; lost++) {
        const session = new Session(scheme);
        session.receiveMedia(session.frame(1)[0]!);
        const packets = session.frame(size);
        const [repair, ...more] = session.encoder.protect(packets, 1);
        expect(more).toEqual([]);
        for (const packet of packets) if (packet !== packets[lost]) expect(session.receiveMedia(packet)).toEqual([]);
        expect(session.receiveRepair(repair!).map(essence)).toEqual([essence(packets[lost]!)]);
        expect(session.decoder.stats()).toMatchObject({ repairPacketsReceived: 1, packetsRecovered: 1 });
      }
    }
  });

  test("order does not matter, and what was rebuilt is not rebuilt again", () => {
    const session = new Session(scheme);
    const [first, ...packets] = session.frame(8);
    const repairs = session.encoder.protect([first!, ...packets], 1);
    session.receiveMedia(first!);
    expect(session.receiveRepair(repairs[0]!)).toEqual([]);
    const recovered = packets.slice(0, 6).flatMap((packet) => session.receiveMedia(packet));
    expect(recovered.map(essence)).toEqual([essence(packets[6]!)]);
    expect(session.receiveMedia(packets[6]!)).toEqual([]);
    expect(session.receiveRepair(repairs[0]!)).toEqual([]);
    expect(session.decoder.stats()).toMatchObject({ packetsRecovered: 1, repairPacketsUnused: 1 });
  });

  test("repair packets of a frame that came whole are counted as unused", () => {
    const session = new Session(scheme);
    const packets = session.frame(5);
    const repairs = session.encoder.protect(packets, 2);
    for (const packet of packets) session.receiveMedia(packet);
    for (const repair of repairs) expect(session.receiveRepair(repair)).toEqual([]);
    expect(session.decoder.stats()).toMatchObject({ repairPacketsReceived: 2, repairPacketsUnused: 2 });
  });

  test("a frame without repair packets costs nothing", () => {
    const session = new Session(scheme);
    expect(session.encoder.protect(session.frame(3), 0)).toEqual([]);
    expect(session.encoder.stats()).toEqual({ framesProtected: 0, repairPacketsMade: 0, repairBytesMade: 0 });
  });

  test("hostile packets are counted and never throw, and the stream is repaired all the same", () => {
    const rng = new SeededRng(SEED);
    const session = new Session(scheme, { rng });
    let sent = 0;
    let repaired = 0;
    for (let round = 0; round < 300; round++) {
      const packets = session.frame(1 + (rng.uint32() % 12));
      const repairs = session.encoder.protect(packets, 1);
      const [lost, ...kept] = shuffled(packets, rng);
      for (const packet of kept) session.receiveMedia(packet);
      for (let i = 0; i < 5; i++) session.decoder.onRepair(hostile(repairs[0]!, rng));
      const recovered = session.receiveRepair(repairs[0]!);
      sent += 1;
      if (recovered.some(({ sequenceNumber: sequence }) => sequence === lost!.sequenceNumber)) repaired += 1;
      session.receiveMedia(lost!);
    }
    const { repairPacketsRejected, repairPacketsReceived } = session.decoder.stats();
    expect(repairPacketsReceived).toBe(sent * 6);
    expect(repairPacketsRejected).toBeGreaterThan(sent);
    expect(repaired).toBeGreaterThan(sent / 3); // forged parity that makes a plausible packet is taken for good
  });
});

/** Random bytes, or a good packet whose header has some bits turned over, or that is cut short. */
function hostile(packet: RtpPacket, rng: Rng): RtpPacket {
  const payload = packet.payload.slice(0, rng.uint32() % 4 === 0 ? rng.uint32() % packet.payload.length : undefined);
  if (rng.uint32() % 2 === 0) payload.set(Array.from(payload, () => rng.uint32()));
  for (let flips = 1 + (rng.uint32() % 3); flips > 0 && payload.length > 0; flips--) {
    const at = rng.uint32() % Math.min(payload.length, 6);
    payload[at] = payload[at]! ^ (1 << (rng.uint32() & 7));
  }
  return { ...packet, sequenceNumber: sequenceNumber(rng.uint32()), payload };
}

describe("reed-solomon", () => {
  test("as many packets of a frame as there are repair packets may be lost, in any order of arrival", () => {
    const runs = fc.record({
      size: fc.integer({ min: 1, max: 60 }),
      repairs: fc.integer({ min: 1, max: 8 }),
      firstSequence: fc.nat(0xffff),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(runs, ({ size, repairs, firstSequence, seed }) => {
        const rng = new SeededRng(seed);
        const session = new Session("reed-solomon", { rng, firstSequence });
        session.receiveMedia(session.frame(1)[0]!);
        const packets = session.frame(size);
        const all = [
          ...packets.map((packet) => ({ packet, isMedia: true })),
          ...session.encoder.protect(packets, repairs).map((packet) => ({ packet, isMedia: false })),
        ];
        const arriving = shuffled(all, rng).slice(repairs);
        const recovered = arriving.flatMap(({ packet, isMedia }) =>
          isMedia ? session.receiveMedia(packet) : session.receiveRepair(packet),
        );
        const media = arriving.filter(({ isMedia }) => isMedia).map(({ packet }) => packet);
        const had = new Set([...media, ...recovered].map((packet) => packet.sequenceNumber));
        expect(had.size).toBe(size);
        for (const packet of recovered) {
          const original = packets.find((sent) => sent.sequenceNumber === packet.sequenceNumber);
          expect(essence(packet)).toEqual(essence(original!));
        }
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  test("a keyframe of 400 packets survives a burst as long as its repair packets", () => {
    const session = new Session("reed-solomon");
    session.receiveMedia(session.frame(1)[0]!);
    const packets = session.frame(400);
    const repairs = session.encoder.protect(packets, 40);
    expect(repairs).toHaveLength(40);
    const lost = packets.slice(123, 163);
    for (const packet of packets) if (!lost.includes(packet)) session.receiveMedia(packet);
    const recovered = repairs.flatMap((repair) => session.receiveRepair(repair));
    expect(bySequence(recovered)).toEqual(lost.map(essence));
  });

  test("a frame of 1,500 packets is repaired at 5 % loss, its repair packets coming last", () => {
    const rng = new SeededRng(SEED);
    const session = new Session("reed-solomon", { rng });
    session.receiveMedia(session.frame(1)[0]!);
    const packets = session.frame(1_500);
    const repairs = session.encoder.protect(packets, 320);
    const lost = packets.filter(() => rng.uint32() % 20 === 0);
    for (const packet of packets) if (!lost.includes(packet)) session.receiveMedia(packet);
    const recovered = repairs.flatMap((repair) => session.receiveRepair(repair));
    expect(bySequence(recovered)).toEqual(lost.map(essence));
  });

  test("a frame lost with its own repair packets comes back with those of the next frames", () => {
    const session = new Session("reed-solomon");
    const frames = [2, 1, 2].map((size) => session.frame(size));
    const repairs = frames.map((packets) => session.encoder.protect(packets, 1));
    for (const packet of frames[0]!) session.receiveMedia(packet);
    for (const packet of frames[2]!) expect(session.receiveMedia(packet)).toEqual([]);
    expect(session.receiveRepair(repairs[2]![0]!).map(essence)).toEqual(frames[1]!.map(essence));
  });

  test("two losses in different frames are solved from two windows that overlap", () => {
    const session = new Session("reed-solomon");
    const frames = Array.from({ length: 4 }, () => session.frame(1)[0]!);
    const repairs = frames.map((packet) => session.encoder.protect([packet], 1)[0]!);
    session.receiveMedia(frames[0]!);
    session.receiveMedia(frames[3]!);
    expect(session.receiveRepair(repairs[2]!)).toEqual([]);
    expect(bySequence(session.receiveRepair(repairs[3]!))).toEqual(frames.slice(1, 3).map(essence));
  });

  test("a window never spans a gap in the sequence numbers", () => {
    const session = new Session("reed-solomon");
    session.encoder.protect(session.frame(2), 1);
    session.frame(3); // sent without the encoder's knowledge
    const packets = session.frame(2);
    const [repair] = session.encoder.protect(packets, 1);
    session.receiveMedia(packets[0]!);
    expect(session.receiveRepair(repair!).map(essence)).toEqual([essence(packets[1]!)]);
  });

  test("it is known whether more repair packets follow for what is missing", () => {
    const session = new Session("reed-solomon");
    const packets = session.frame(6);
    const repairs = session.encoder.protect(packets, 2);
    for (const packet of packets.slice(0, 3)) session.receiveMedia(packet);
    const missing = packets[5]!.sequenceNumber;
    expect(session.decoder.isRepairExpected(missing)).toBe(false);
    session.receiveRepair(repairs[0]!);
    expect(session.decoder.isRepairExpected(missing)).toBe(true);
    session.receiveRepair(repairs[1]!);
    expect(session.decoder.isRepairExpected(missing)).toBe(false);
  });

  test("repair packets of another stream, from far away, and doubled ones are rejected", () => {
    const session = new Session("reed-solomon");
    const packets = session.frame(4);
    const [repair] = session.encoder.protect(packets, 1);
    session.decoder.onRepair({ ...repair!, csrcs: [1] });
    session.decoder.onRepair(repair!); // before any media
    session.receiveMedia(packets[0]!);
    session.receiveRepair(repair!);
    session.receiveRepair(repair!);
    const far = repair!.payload.slice();
    far[0] = far[0]! ^ 0x80;
    session.decoder.onRepair({ ...repair!, sequenceNumber: sequenceNumber(1), payload: far });
    expect(session.decoder.stats()).toMatchObject({ repairPacketsReceived: 5, repairPacketsRejected: 4 });
  });

  test("what is kept is bounded: repair packets that never help expire", () => {
    const session = new Session("reed-solomon");
    session.receiveMedia(session.frame(1)[0]!);
    for (let i = 0; i < 600; i++) {
      const packets = session.frame(4);
      for (const repair of session.encoder.protect(packets, 1)) session.receiveRepair(repair);
      session.receiveMedia(packets[0]!);
    }
    expect(session.decoder.stats().repairPacketsExpired).toBeGreaterThan(200);
  });

  test("a stream that counts anew is followed", () => {
    const session = new Session("reed-solomon");
    session.receiveMedia(session.frame(1)[0]!);
    const restarted = new Session("reed-solomon", { firstSequence: 30_000 });
    const packets = restarted.frame(3);
    const [repair] = restarted.encoder.protect(packets, 1);
    session.receiveMedia(packets[0]!);
    session.receiveMedia(packets[1]!);
    expect(session.receiveRepair(repair!).map(essence)).toEqual([essence(packets[2]!)]);
  });
});
