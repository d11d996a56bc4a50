import fc from "fast-check";
import { expect, test } from "vitest";
import { TestFrames } from "../../lab/endpoints/test-frames.js";
import {
  DEFAULT_EXTENSION_MAP,
  DEFAULT_PAYLOAD_TYPES,
  type Micros,
  micros,
  millis,
  type ReceiverEvent,
  RtpReceiver,
  RtpSender,
  SeededRng,
  seconds,
} from "../../src/core/index.js";
import { HostileTraffic } from "./hostile-traffic.js";
import { retainedSize } from "./retained-size.js";

const START = seconds(1_700_000_000);
const FRAME_INTERVAL = micros(33_333);
const GOOD = "192.0.2.1:5004";
const FRAMES = 150;
const HOSTILE_PER_FRAME = 300;
const RUNS = 12;
/** Twelve runs of two tests make 1.08 million hostile packets. */
const PARAMETERS = { numRuns: RUNS, seed: 20_240_607, endOnFailure: true };

/** A good sender whose every packet reaches a receiver at once, and what the receiver makes of it. */
class GoodStream {
  readonly sender: RtpSender;
  readonly receiver: RtpReceiver;
  readonly hostile: HostileTraffic;
  readonly events: ReceiverEvent[] = [];
  /** Datagrams of the sender, for attackers to copy. */
  readonly samples: { readonly media: Uint8Array[]; readonly rtcp: Uint8Array[] } = { media: [], rtcp: [] };
  readonly sent: Uint8Array[] = [];
  framesReceived: Uint8Array[] = [];
  now: Micros = START;
  private readonly frames: TestFrames;
  private keyframeWanted = true;

  constructor(seed: number) {
    const rng = new SeededRng(seed);
    this.frames = new TestFrames(seed);
    this.hostile = new HostileTraffic(rng);
    this.sender = new RtpSender({
      codec: "h264",
      ssrc: rng.uint32(),
      rtxSsrc: rng.uint32(),
      payloadType: 96,
      rtxPayloadType: 97,
      extensions: DEFAULT_EXTENSION_MAP,
      cname: "good",
      rng,
      bitrateBps: 8e6,
    });
    this.receiver = new RtpReceiver({
      rng,
      ssrc: rng.uint32(),
      cname: "viewer",
      payloadTypes: DEFAULT_PAYLOAD_TYPES,
      extensions: DEFAULT_EXTENSION_MAP,
    });
  }

  /** Captures, sends and receives one frame. */
  step(): void {
    const frame = this.frames.make({ captureTime: this.now, keyframe: this.keyframeWanted, size: 3_000 });
    this.keyframeWanted = false;
    this.sent.push(frame.data);
    this.sender.handleInput(this.now, { kind: "frame", frame });
    this.drain();
    this.now = micros(this.now + FRAME_INTERVAL);
  }

  /** Hands the receiver a datagram. */
  receive(datagram: Uint8Array, remote: string): void {
    this.receiver.handleInput(this.now, { kind: "datagram", datagram, remote, arrival: this.now });
    this.drainReceiver();
  }

  private drain(): void {
    for (let out = this.sender.pollOutput(this.now); out.kind !== "timeout"; out = this.sender.pollOutput(this.now)) {
      if (out.kind === "transmit") {
        const kept = out.datagram[1]! >= 200 && out.datagram[1]! <= 207 ? this.samples.rtcp : this.samples.media;
        kept.push(out.datagram);
        if (kept.length > 20) kept.shift();
        this.receive(out.datagram, GOOD);
      } else if (out.event.kind === "keyframe-requested") this.keyframeWanted = true;
    }
  }

  private drainReceiver(): void {
    for (
      let out = this.receiver.pollOutput(this.now);
      out.kind !== "timeout";
      out = this.receiver.pollOutput(this.now)
    ) {
      if (out.kind === "transmit") {
        if (out.remote === GOOD) this.sender.handleInput(this.now, { kind: "datagram", datagram: out.datagram });
      } else if (out.event.kind === "frame") this.framesReceived.push(out.event.frame.data);
      else this.events.push(out.event);
    }
  }
}

function sampleOf(samples: readonly Uint8Array[], hostile: HostileTraffic): Uint8Array {
  return samples[hostile.integer(samples.length)]!;
}

/** A datagram that cannot be told from nonsense or from another stream. */
function foreignDatagram({ hostile, samples }: GoodStream): { datagram: Uint8Array; remote: string } {
  const elsewhere = `198.51.100.${hostile.integer(256)}:${hostile.integer(4)}`;
  switch (hostile.integer(7)) {
    case 0:
      return { datagram: hostile.random(), remote: elsewhere };
    case 1:
      return { datagram: hostile.mutated(sampleOf(samples.media, hostile)), remote: elsewhere };
    case 2:
      return { datagram: hostile.mutated(sampleOf(samples.rtcp, hostile)), remote: elsewhere };
    case 3:
      return { datagram: sampleOf(samples.media, hostile), remote: elsewhere };
    case 4:
      return { datagram: hostile.withWildSequence(sampleOf(samples.media, hostile)), remote: elsewhere };
    case 5:
      return { datagram: hostile.withWrongSsrc(sampleOf(samples.media, hostile)), remote: GOOD };
    default:
      return { datagram: hostile.truncated(sampleOf(samples.rtcp, hostile)), remote: GOOD };
  }
}

/** A datagram that claims to be of the good stream, from its very address. */
function forgedDatagram({ hostile, samples }: GoodStream): Uint8Array {
  switch (hostile.integer(5)) {
    case 0:
      return hostile.random();
    case 1:
      return hostile.mutated(sampleOf(samples.media, hostile));
    case 2:
      return hostile.mutated(sampleOf(samples.rtcp, hostile));
    case 3:
      return hostile.truncated(sampleOf(samples.media, hostile));
    default:
      return hostile.withWildSequence(sampleOf(samples.media, hostile));
  }
}

/** Compares the bytes natively: element by element takes longer than all the rest. */
function expectSameFrames(received: readonly Uint8Array[], sent: readonly Uint8Array[]): void {
  expect(received).toHaveLength(sent.length);
  expect(received.findIndex((data, i) => Buffer.compare(data, sent[i]!) !== 0)).toBe(-1);
}

test("foreign traffic does not touch a good stream", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const stream = new GoodStream(seed);
      stream.step();
      for (let frame = 1; frame < FRAMES; frame++) {
        for (let i = 0; i < HOSTILE_PER_FRAME; i++) {
          const { datagram, remote } = foreignDatagram(stream);
          stream.receive(datagram, remote);
        }
        stream.step();
      }
      expectSameFrames(stream.framesReceived, stream.sent);
      expect(stream.events.map(({ kind }) => kind)).toEqual(["stream-started"]);
      expect(stream.receiver.stats(stream.now)).toMatchObject({ packetsRequested: 0, keyframesRequested: 0 });
      const { objects, bytes } = retainedSize(stream.receiver);
      expect(objects).toBeLessThan(20_000);
      expect(bytes).toBeLessThan(4_000_000);
    }),
    PARAMETERS,
  );
});

test("forged traffic from the stream's own address ends with the forgery", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const stream = new GoodStream(seed);
      stream.step();
      for (let frame = 1; frame < FRAMES; frame++) {
        for (let i = 0; i < HOSTILE_PER_FRAME; i++) stream.receive(forgedDatagram(stream), GOOD);
        stream.step();
      }
      const { objects, bytes } = retainedSize(stream.receiver);
      expect(objects).toBeLessThan(200_000);
      expect(bytes).toBeLessThan(40_000_000);

      const recovery = seconds(2);
      for (const end = stream.now + recovery; stream.now < end; ) stream.step();
      stream.framesReceived = [];
      const from = stream.sent.length;
      for (const end = stream.now + millis(500); stream.now < end; ) stream.step();
      expectSameFrames(stream.framesReceived, stream.sent.slice(from));
    }),
    PARAMETERS,
  );
});
