import { describe, expect, it } from "vitest";
import {
  findExtension,
  headerExtensionsSize,
  parseHeaderExtensions,
  writeHeaderExtensions,
} from "./header-extension.js";

const parse = (...bytes: number[]) => {
  const data = Uint8Array.from(bytes);
  return parseHeaderExtensions(data, 0, data.length).map(({ id, data: element }) => [id, ...element]);
};

describe("parseHeaderExtensions", () => {
  it("reads the one-byte form of RFC 8285 §4.2", () => {
    expect(parse(0xbe, 0xde, 0, 3, 0x10, 0xaa, 0x21, 0xb0, 0xb1, 0, 0, 0x33, 1, 2, 3, 4)).toEqual([
      [1, 0xaa],
      [2, 0xb0, 0xb1],
      [3, 1, 2, 3, 4],
    ]);
  });

  it("reads the two-byte form of RFC 8285 §4.3", () => {
    expect(parse(0x10, 0x00, 0, 3, 1, 0, 2, 1, 0xaa, 0, 200, 4, 1, 2, 3, 4)).toEqual([
      [1],
      [2, 0xaa],
      [200, 1, 2, 3, 4],
    ]);
  });

  it("ignores the application bits of the two-byte form", () => {
    expect(parse(0x10, 0x0f, 0, 1, 7, 1, 5, 0)).toEqual([[7, 5]]);
  });

  it.each([
    { name: "ID 15", stop: [0xf0, 0xaa, 0x20, 0xbb] },
    { name: "ID 0 with a length", stop: [0x01, 0xaa, 0xbb, 0x20] },
    { name: "an element past the end", stop: [0x2f, 1, 2, 3] },
    { name: "an element's head at the end", stop: [0, 0, 0, 0x20] },
  ])("ends the list at $name", ({ stop }) => {
    expect(parse(0xbe, 0xde, 0, 2, 0x11, 1, 2, 0, ...stop)).toEqual([[1, 1, 2]]);
  });

  it("ends the list at a two-byte head cut in half", () => {
    expect(parse(0x10, 0x00, 0, 1, 1, 1, 9, 2)).toEqual([[1, 9]]);
  });

  it("finds nothing in another profile", () => {
    expect(parse(0xab, 0xac, 0, 1, 0x10, 1, 0x20, 2)).toEqual([]);
  });
});

describe("writeHeaderExtensions", () => {
  const write = (elements: number[][]) => {
    const extensions = elements.map(([id, ...data]) => ({ id: id!, data: Uint8Array.from(data) }));
    const size = headerExtensionsSize(extensions);
    const target = new Uint8Array(size);
    writeHeaderExtensions(target, 0, size, extensions);
    return [...target];
  };

  it("prefers the one-byte form", () => {
    expect(write([[3, 0x12, 0x34]])).toEqual([0xbe, 0xde, 0, 1, 0x31, 0x12, 0x34, 0]);
  });

  it("takes the two-byte form for all if one element needs it", () => {
    expect(
      write([
        [3, 0x12],
        [15, 0x34],
      ]),
    ).toEqual([0x10, 0, 0, 2, 3, 1, 0x12, 15, 1, 0x34, 0, 0]);
    expect(write([[3]])).toEqual([0x10, 0, 0, 1, 3, 0, 0, 0]);
  });
});

describe("findExtension", () => {
  it("finds the first with the ID", () => {
    const extensions = [1, 2, 2].map((id, i) => ({ id, data: Uint8Array.of(i) }));
    expect(findExtension(extensions, 2)).toEqual(Uint8Array.of(1));
    expect(findExtension(extensions, 3)).toBeUndefined();
  });
});
