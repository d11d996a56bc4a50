import { describe, expect, it } from "vitest";
import { TestFrames } from "../../../lab/endpoints/test-frames.js";
import { SeededRng, uniform } from "../random.js";
import { DEFAULT_EXTENSION_MAP, DEFAULT_PAYLOAD_TYPES, isRtcp, parseRtpPacket } from "../rtp/index.js";
import { StillReceiver, StillStore, TileGrid, TileSet } from "../stills/index.js";
import { later, type Micros, micros, millis, seconds } from "../time.js";
import type { ReceiverCapabilities } from "./receiver-capabilities.js";
import { RtpReceiver } from "./rtp-receiver.js";
import { RtpSender } from "./rtp-sender.js";

const START = seconds(1_700_000_000);
const FRAME_INTERVAL = micros(33_333);
const PICTURE = { width: 640, height: 320 };
const GRID = new TileGrid(PICTURE);
const STILLS_PAYLOAD_TYPE = 119;
const BITRATE_BPS = 4e6;

interface PathOptions {
  readonly loss: number;
  readonly delayMs: number;
  readonly capabilities?: ReceiverCapabilities;
}

/** A sender of video and stills and a receiver, in virtual time. */
class Pair {
  readonly store = new StillStore();
  readonly laid = new TileSet(GRID.count);
  /** RTP bytes sent, by payload type. */
  readonly sentBytes = new Map<number, number>();
  now: Micros = START;
  private readonly rng = new SeededRng(7);
  private readonly path: PathOptions;
  private readonly frames = new TestFrames(1);
  private readonly sender: RtpSender;
  private readonly receiver: RtpReceiver;
  private readonly stills = new StillReceiver({ clearing: "with-frame" });
  private flying: { readonly at: Micros; readonly datagram: Uint8Array; readonly to: "sender" | "receiver" }[] = [];
  private framesSent = 0;

  constructor(path: PathOptions) {
    this.path = path;
    this.sender = new RtpSender({
      codec: "h264",
      ssrc: 1,
      rtxSsrc: 2,
      payloadType: 96,
      rtxPayloadType: 97,
      stills: { store: this.store, rtp: { ssrc: 3, payloadType: STILLS_PAYLOAD_TYPE } },
      extensions: DEFAULT_EXTENSION_MAP,
      cname: "sender",
      rng: this.rng,
      bitrateBps: BITRATE_BPS,
    });
    this.receiver = new RtpReceiver({
      rng: this.rng,
      ssrc: 9,
      cname: "receiver",
      payloadTypes: DEFAULT_PAYLOAD_TYPES,
      extensions: DEFAULT_EXTENSION_MAP,
      ...(path.capabilities && { capabilities: path.capabilities }),
    });
  }

  /** A picture changed everywhere. */
  flip(): void {
    const captureTime = this.now;
    this.store.change({ picture: PICTURE, captureTime, tiles: TileSet.all(GRID.count) });
    this.sender.handleInput(this.now, { kind: "stills-changed", captureTime });
    this.sendFrame();
  }

  /** Its pixels are still. */
  rest(imageBytes: number): void {
    const asOf = this.now;
    const data = new Uint8Array(imageBytes);
    this.store.add({ picture: PICTURE, asOf, rectangle: { x: 0, y: 0, ...PICTURE }, codec: "webp", data });
    this.sender.handleInput(this.now, { kind: "stills-changed", captureTime: asOf });
  }

  sendFrame(): void {
    const frame = this.frames.make({ captureTime: this.now, keyframe: this.framesSent++ === 0, size: 3_000 });
    this.sender.handleInput(this.now, { kind: "frame", frame });
  }

  run(span: Micros, { isMoving }: { readonly isMoving: boolean }): void {
    const end = later(this.now, span);
    for (let nextFrame = later(this.now, FRAME_INTERVAL); this.now < end; ) {
      this.drain();
      this.now = later(this.now, millis(1));
      if (isMoving && this.now >= nextFrame) {
        this.sendFrame();
        nextFrame = later(nextFrame, FRAME_INTERVAL);
      }
      this.sender.handleInput(this.now, { kind: "timeout" });
      this.receiver.handleInput(this.now, { kind: "timeout" });
    }
  }

  private drain(): void {
    const due = this.flying.filter(({ at }) => at <= this.now);
    this.flying = this.flying.filter(({ at }) => at > this.now);
    for (const { datagram, to } of due) {
      if (to === "sender") this.sender.handleInput(this.now, { kind: "datagram", datagram });
      else this.receiver.handleInput(this.now, { kind: "datagram", datagram, remote: "a", arrival: this.now });
    }
    for (let output = this.sender.pollOutput(this.now); output.kind !== "timeout"; ) {
      if (output.kind === "transmit") this.fly(output.datagram, "receiver");
      output = this.sender.pollOutput(this.now);
    }
    for (let output = this.receiver.pollOutput(this.now); output.kind !== "timeout"; ) {
      if (output.kind === "transmit") this.fly(output.datagram, "sender");
      else if (output.event.kind === "frame") this.stills.frameShown(output.event.frame.rtpTimestamp);
      else if (output.event.kind === "still-message") this.stills.receive(output.event.message);
      output = this.receiver.pollOutput(this.now);
    }
    this.follow();
  }

  private follow(): void {
    for (
      let operations = this.stills.takeOperations();
      operations.length > 0;
      operations = this.stills.takeOperations()
    ) {
      for (const operation of operations) {
        if (operation.kind === "decode") this.stills.decoded(operation.image);
        if (operation.kind === "refresh") this.receiver.handleInput(this.now, { kind: "stills-needed" });
        if (operation.kind !== "lay" && operation.kind !== "clear") continue;
        for (const tile of operation.parts.flatMap((part) => GRID.tilesIn(part))) {
          if (operation.kind === "lay") this.laid.add(tile);
          else this.laid.delete(tile);
        }
      }
    }
  }

  private fly(datagram: Uint8Array, to: "sender" | "receiver"): void {
    if (to === "receiver" && !isRtcp(datagram)) {
      const { payloadType } = parseRtpPacket(datagram)!;
      this.sentBytes.set(payloadType, (this.sentBytes.get(payloadType) ?? 0) + datagram.length);
    }
    if (uniform(this.rng) < this.path.loss) return;
    this.flying.push({ at: later(this.now, millis(this.path.delayMs)), datagram, to });
  }
}

const CAPABLE: ReceiverCapabilities = { stills: true, pointer: false, chroma444: false };

describe("still tiles beside the video", () => {
  it.each([0, 0.05, 0.2])("are all there in the end, with %d of the packets lost", (loss) => {
    const pair = new Pair({ loss, delayMs: 20, capabilities: CAPABLE });
    pair.flip();
    pair.run(seconds(1), { isMoving: true });
    for (let flips = 0; flips < 3; flips++) {
      pair.flip();
      pair.run(millis(200), { isMoving: true });
      expect([...pair.laid]).toEqual([]);
      pair.rest(60_000);
      pair.run(loss > 0.1 ? seconds(6) : seconds(1), { isMoving: true });
      expect([...pair.laid]).toHaveLength(GRID.count);
    }
  });

  it("come when the picture was still before the receiver came", () => {
    const pair = new Pair({ loss: 0, delayMs: 5, capabilities: CAPABLE });
    pair.flip();
    pair.rest(20_000);
    pair.run(seconds(1), { isMoving: false });
    expect([...pair.laid]).toHaveLength(GRID.count);
  });

  it("take what the path has to spare, and no more", () => {
    const pair = new Pair({ loss: 0, delayMs: 5, capabilities: CAPABLE });
    pair.flip();
    pair.run(millis(500), { isMoving: true });
    const videoBefore = pair.sentBytes.get(96)!;
    pair.rest(3_000_000);
    pair.run(seconds(3), { isMoving: true });
    const stillsBps = (pair.sentBytes.get(STILLS_PAYLOAD_TYPE)! * 8) / 3;
    const videoBps = ((pair.sentBytes.get(96)! - videoBefore) * 8) / 3;
    expect(stillsBps + videoBps).toBeLessThan(BITRATE_BPS * 0.93);
    expect(stillsBps).toBeGreaterThan(BITRATE_BPS * 0.9 - videoBps * 1.1 - 100_000);
  });

  it("are not sent to a receiver that does not know them", () => {
    const pair = new Pair({ loss: 0, delayMs: 5 });
    pair.flip();
    pair.rest(20_000);
    pair.run(seconds(1), { isMoving: true });
    expect(pair.sentBytes.has(STILLS_PAYLOAD_TYPE)).toBe(false);
  });

  it("cost next to nothing while nothing changes", () => {
    const pair = new Pair({ loss: 0, delayMs: 5, capabilities: CAPABLE });
    pair.flip();
    pair.rest(1_000);
    pair.run(seconds(1), { isMoving: false });
    const before = pair.sentBytes.get(STILLS_PAYLOAD_TYPE)!;
    pair.run(seconds(10), { isMoving: false });
    expect(pair.sentBytes.get(STILLS_PAYLOAD_TYPE)).toBe(before);
  });
});
