import { expect, test } from "vitest";
import { packPicture } from "./raw-frames.js";

test("rows are packed without the gaps between them, odd sizes rounded up for chroma", () => {
  const plane = (rows: number[][], stride: number) =>
    Buffer.from(rows.flatMap((row) => [...row, ...new Array<number>(stride - row.length).fill(255)]));
  const packed = packPicture({
    width: 3,
    height: 3,
    format: "yuv420p",
    planes: [
      plane(
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
        8,
      ),
      plane(
        [
          [10, 11],
          [12, 13],
        ],
        4,
      ),
      plane(
        [
          [14, 15],
          [16, 17],
        ],
        4,
      ),
    ],
    strides: [8, 4, 4],
  });
  expect([...packed.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  expect(packed).toMatchObject({ planeBytes: [9, 4, 4], strides: [3, 2, 2] });
});

test.each([
  ["bgrx", [16]],
  ["yuyv422", [8]],
  ["nv12", [4, 2]],
  ["yuv422p", [4, 2, 2]],
  ["yuv444p", [4, 4, 4]],
] as const)("%s takes %j bytes for 2x2 pixels", (format, planeBytes) => {
  const planes = planeBytes.map(() => Buffer.alloc(32));
  expect(packPicture({ width: 2, height: 2, format, planes, strides: planeBytes.map(() => 8) }).planeBytes).toEqual(
    planeBytes,
  );
});
