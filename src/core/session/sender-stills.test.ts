import { describe, expect, it } from "vitest";
import { SeededRng } from "../random.js";
import { type RtpPacket, rtpTimestamp, sequenceNumber } from "../rtp/index.js";
import { MessageKind, StillStore, TileGrid, TileSet } from "../stills/index.js";
import { later, type Micros, micros, millis, seconds } from "../time.js";
import { SenderStills, type StillOutput } from "./sender-stills.js";

const START = seconds(1);
const PICTURE = { width: 640, height: 320 };
const PATH = { roundTrip: millis(40), targetBitrateBps: 8e6 };
const SSRC = 4;

/** The stills of a page, of which all tiles are still. */
function openStills(): SenderStills {
  const store = new StillStore();
  store.change({ picture: PICTURE, captureTime: START, tiles: TileSet.all(new TileGrid(PICTURE).count) });
  const rectangle = { x: 0, y: 0, ...PICTURE };
  store.add({ picture: PICTURE, asOf: START, rectangle, codec: "webp", data: new Uint8Array(5_000) });
  const rtp = { ssrc: SSRC, payloadType: 41, format: "h264-frames" } as const;
  const stills = new SenderStills(
    { store, rtp, maxMessageSize: 1_199 },
    { timestampAt: () => rtpTimestamp(7), maxPayloadSize: 1_200, rng: new SeededRng(1) },
  );
  stills.setRate(PATH.targetBitrateBps);
  return stills;
}

/** All that leaves from `from` on within a second. */
function drain(stills: SenderStills, from: Micros): StillOutput[] {
  const outputs: StillOutput[] = [];
  for (let now = from; now < later(from, seconds(1)); now = later(now, micros(500))) {
    const output = stills.poll(now, { isIdle: true });
    if (output !== undefined) outputs.push(output);
  }
  return outputs;
}

function packetsOf(outputs: readonly StillOutput[]): RtpPacket[] {
  return outputs.flatMap((output) => (output.kind === "packet" ? [output.packet] : []));
}

describe("the still tiles of a page that reads frames", () => {
  it("are frames of one packet each; masks are messages", () => {
    const stills = openStills();
    const begun = stills.onChannel(START, { isReady: true });
    expect(begun.map(({ kind }) => kind)).not.toContain("packet");
    const packets = packetsOf(drain(stills, START));
    expect(packets.map(({ marker, payload: [nal, kind] }) => [marker, nal, kind])).toEqual(
      packets.map(() => [true, 0x06, MessageKind.chunk]),
    );
    expect(packets.map(({ timestamp }) => timestamp)).toEqual(packets.map((_, i) => 7 + i));
    expect(packets).toHaveLength(5);
    expect(Math.max(...packets.map(({ payload }) => payload.length))).toBe(1_200);
  });

  it("are repaired, and not all sent anew because the browser finds nothing to decode", () => {
    const stills = openStills();
    stills.onChannel(START, { isReady: true });
    const [first] = packetsOf(drain(stills, START));
    const now = later(START, seconds(1));
    const lost = [sequenceNumber(first!.sequenceNumber)];
    const nack = { kind: "nack", senderSsrc: 9, mediaSsrc: SSRC, lost } as const;
    expect(stills.onFeedback(now, nack, PATH)).toEqual([{ kind: "packet", packet: first }]);
    const pli = { kind: "pli", senderSsrc: 9, mediaSsrc: SSRC } as const;
    expect(stills.onFeedback(now, pli, PATH)).toEqual([]);
    expect(packetsOf(drain(stills, now))).toEqual([]);
  });
});
