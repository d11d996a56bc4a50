import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { now } from "../../clock/index.js";
import { type EncodedFrame, micros, millis } from "../../core/index.js";
import { EncodingFeed } from "./encoding-feed.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A feed with an encoder that only notes what it is asked for, and takers that note what they get. */
function createFeed({ isOpen = true } = {}) {
  const asked: string[] = [];
  const feed = new EncodingFeed({
    startBps: 8e6,
    outlierPart: 0.6,
    isOpen,
    control: {
      open: (bitrateBps) => asked.push(`open ${bitrateBps / 1e6}`),
      close: () => asked.push("close"),
      setBitrate: () => {},
      hold: (on) => asked.push(on ? "hold" : "go on"),
      requestKeyframe: ({ mostBytes }) => asked.push(mostBytes === undefined ? "keyframe" : `keyframe of ${mostBytes}`),
    },
  });
  const join = (limitBps = 8e6) => {
    const got: string[] = [];
    const send = ({ keyframe, data }: EncodedFrame) => got.push(`${keyframe ? "I" : "P"}${data.length}`);
    return { member: feed.join({ send }, limitBps), got };
  };
  return { asked, feed, join };
}

function encode(feed: EncodingFeed, { keyframe = false, bytes = 100 } = {}): void {
  feed.deliver({ codec: "h264", data: new Uint8Array(bytes), keyframe, captureTime: now() });
}

test("an encoder is opened for whoever comes first, at what the path takes, and closed a while after the last has left", () => {
  const { asked, join } = createFeed({ isOpen: false });
  const { member } = join(2e6);
  expect(asked).toEqual(["go on", "open 2", "keyframe"]);
  member.leave();
  vi.advanceTimersByTime(4_000);
  const again = join();
  vi.advanceTimersByTime(60_000);
  expect(asked).not.toContain("close");
  again.member.leave();
  vi.advanceTimersByTime(6_000);
  expect(asked.at(-1)).toBe("close");
});

test("who comes while the picture is still gets it from memory", () => {
  const { asked, feed, join } = createFeed();
  const first = join();
  encode(feed, { keyframe: true, bytes: 1_000 });
  encode(feed);
  const before = asked.length;
  vi.advanceTimersByTime(10_000);
  const second = join();
  expect([first.got, second.got]).toEqual([
    ["I1000", "P100"],
    ["I1000", "P100"],
  ]);
  expect(asked).toHaveLength(before);
});

test("who comes into moving pictures waits for a keyframe, of which there are few however many come", () => {
  const { asked, feed, join } = createFeed();
  join();
  encode(feed, { keyframe: true });
  for (let count = 0; count < 10; count++) encode(feed, { bytes: 200_000 });
  asked.length = 0;
  const late = [join(), join(), join()];
  encode(feed);
  vi.advanceTimersByTime(1_000);
  encode(feed, { keyframe: true, bytes: 7 });
  expect(late.map(({ got }) => got)).toEqual([["I7"], ["I7"], ["I7"]]);
  expect(asked.filter((each) => each === "keyframe").length).toBeLessThanOrEqual(2);
});

test("a decoder that lost its picture is helped from memory where the source is still, and by a keyframe where it is not", () => {
  const { asked, feed, join } = createFeed();
  const [one, two] = [join(), join()];
  encode(feed, { keyframe: true, bytes: 9 });
  vi.advanceTimersByTime(2_000);
  asked.length = 0;
  one.member.requestKeyframe();
  expect([one.got, two.got, asked]).toEqual([["I9", "I9"], ["I9"], []]);

  encode(feed, { bytes: 2 });
  one.member.requestKeyframe();
  expect(asked).toEqual([]); // what it was sent is still on its way
  one.member.setBacklog(micros(0));
  vi.advanceTimersByTime(400);
  encode(feed, { bytes: 2 });
  one.member.requestKeyframe();
  expect(asked).toEqual(["keyframe of 40000"]);
  expect(one.got).toEqual(["I9", "I9", "P2", "P2"]);
});

test("frames are left out for a path that is behind, the others get theirs, and it begins again with a keyframe", () => {
  const { asked, feed, join } = createFeed();
  const [good, slow] = [join(), join()];
  encode(feed, { keyframe: true });
  slow.member.setBacklog(micros(0));
  slow.member.setBacklog(millis(200));
  encode(feed, { bytes: 2_000_000 });
  expect(slow.member.isSkipping).toBe(true);
  expect(asked).not.toContain("hold");
  vi.advanceTimersByTime(1_000);
  asked.length = 0;
  slow.member.setBacklog(micros(0));
  slow.member.setBacklog(micros(0));
  encode(feed);
  encode(feed, { keyframe: true });
  expect(good.got).toEqual(["I100", "P2000000", "P100", "I100"]);
  expect(slow.got).toEqual(["I100", "I100"]);
});

test("a lone taker that is behind holds the encoder, and gets what was under way", () => {
  const { asked, feed, join } = createFeed();
  const { member, got } = join();
  encode(feed, { keyframe: true });
  expect(member.setBacklog(millis(200))).toBe(millis(195));
  expect(asked.at(-1)).toBe("hold");
  encode(feed);
  expect(got).toEqual(["I100", "P100"]);
  expect(member.setBacklog(micros(0))).toBeUndefined();
  expect(asked.at(-1)).toBe("go on");
});

test("what follows a keyframe is not left out while that leaves, and keyframes for several are small", () => {
  const { asked, feed, join } = createFeed();
  const one = join();
  encode(feed, { keyframe: true, bytes: 1_200_000 });
  encode(feed, { bytes: 1_200_000 });
  vi.advanceTimersByTime(1_000);
  asked.length = 0;
  const two = join();
  expect(asked).toEqual(["keyframe of 40000"]);
  encode(feed, { keyframe: true });
  two.member.setBacklog(millis(400));
  encode(feed);
  expect([two.member.isSkipping, one.got.length, two.got]).toEqual([false, 4, ["I100", "P100"]]);
  two.member.setBacklog(millis(700));
  encode(feed);
  expect(two.member.isSkipping).toBe(true);
});

test("a keyframe that was given up before it left is followed by another one at once", () => {
  const { asked, feed, join } = createFeed();
  const { member, got } = join();
  encode(feed, { keyframe: true, bytes: 200_000 });
  member.setBacklog(millis(400));
  asked.length = 0;
  member.giveUp();
  expect(asked).toEqual(["keyframe"]);
  encode(feed);
  encode(feed, { keyframe: true, bytes: 50_000 });
  encode(feed);
  expect(got).toEqual(["I200000", "I50000", "P100"]);
});
