import { expect, test } from "vitest";
import { FrameFeed } from "./frame-feed.js";
import type { PictureHeader } from "./viewer/protocol.js";
import type { VideoFrame } from "./watch-types.js";

const HEADER: PictureHeader = {
  width: 2,
  height: 2,
  format: "yuv420p",
  planeBytes: [4, 1, 1],
  strides: [2, 1, 1],
  captureTime: 1,
};
const picture = (captureTime: number): [PictureHeader, Uint8Array] => [
  { ...HEADER, captureTime },
  Uint8Array.of(1, 2, 3, 4, 5, 6),
];

test("planes are cut from the packed bytes", async () => {
  const feed = new FrameFeed(() => {});
  const first = feed.subscribe().next();
  feed.push(...picture(7));
  const { value } = await first;
  expect(value).toMatchObject({ width: 2, height: 2, format: "yuv420p", strides: [2, 1, 1], captureTime: 7 });
  expect((value as VideoFrame).planes.map((plane) => [...plane])).toEqual([[1, 2, 3, 4], [5], [6]]);
});

test("a slow reader gets the newest picture, not a queue", async () => {
  const feed = new FrameFeed(() => {});
  const frames = feed.subscribe();
  const first = frames.next();
  feed.push(...picture(1));
  await first;
  feed.push(...picture(2));
  feed.push(...picture(3));
  expect((await frames.next()).value).toMatchObject({ captureTime: 3 });
});

test("pictures are wanted while someone reads, and the loop ends with the feed", async () => {
  const demands: boolean[] = [];
  const feed = new FrameFeed((wanted) => demands.push(wanted));
  const one = feed.subscribe();
  const two = feed.subscribe();
  const waiting = [one.next(), two.next()];
  expect(demands).toEqual([true]);
  feed.push(...picture(1));
  await Promise.all(waiting);
  await one.return();
  expect([demands, feed.isWanted]).toEqual([[true], true]);
  const last = two.next();
  feed.end();
  expect((await last).done).toBe(true);
  expect(demands).toEqual([true, false]);
  expect((await feed.subscribe().next()).done).toBe(true);
});
