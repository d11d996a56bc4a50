import { expect, it } from "vitest";
import { copyPicture } from "../../../test/support/pictures.js";
import { changedBands } from "../changed-bands.js";
import { openTestPattern } from "./test-pattern.js";

it("changes only the rows it names, at its rate, until it is closed", async () => {
  const source = openTestPattern({ fps: 100, size: { width: 320, height: 240 } });
  expect(source.info).toMatchObject({ kind: "test", width: 320, height: 240, fps: 100, content: "screen" });
  const first = await source.next();
  expect(first?.changed).toBe("all");
  if (first === undefined) return;
  const before = copyPicture(first.picture);
  const second = await source.next();
  if (second === undefined || second.changed === "all") throw new Error("no bands");
  const rows = new Set(second.changed.flatMap(({ y, height }) => Array.from({ length: height }, (_, i) => y + i)));
  const actual = changedBands(before, second.picture);
  if (actual === "all") throw new Error("everything changed");
  expect(actual.length).toBeGreaterThan(0);
  for (const { y, height } of actual) expect(rows.has(y) && rows.has(y + height - 1)).toBe(true);
  expect(second.captureTime - first.captureTime).toBeGreaterThan(5_000);
  const pending = source.next();
  await source.close();
  expect(await pending).toBeUndefined();
});

it.each([
  [16, 16],
  [100, 37],
  [1920, 1080],
])("fits into %i x %i", async (width, height) => {
  const source = openTestPattern({ fps: 100, size: { width, height } });
  expect((await source.next())?.picture).toMatchObject({ width, height });
  await source.close();
});
