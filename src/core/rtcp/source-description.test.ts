import { describe, expect, it } from "vitest";
import { parseRtcp, serializeRtcp } from "./compound.js";
import { SdesType } from "./source-description.js";

describe("source descriptions", () => {
  const data = [
    ...[0x82, 202, 0, 6],
    ...[0, 0, 0, 1, 1, 5, 0x61, 0x40, 0xc3, 0xa9, 0x62, 0], // CNAME "a@éb", end
    ...[0, 0, 0, 2, 6, 2, 0x76, 0x31, 7, 0, 0, 0], // TOOL "v1", an empty NOTE, end
  ];
  const packet = {
    kind: "source-description" as const,
    chunks: [
      { ssrc: 1, items: [{ type: SdesType.cname, text: "a@éb" }] },
      {
        ssrc: 2,
        items: [
          { type: SdesType.tool, text: "v1" },
          { type: SdesType.note, text: "" },
        ],
      },
    ],
  };

  it("are read and written", () => {
    expect(parseRtcp(Uint8Array.from(data))).toEqual([packet]);
    expect([...serializeRtcp([packet])]).toEqual(data);
  });

  it("end each list of items in one to four zero bytes", () => {
    for (const [text, words] of [
      ["a", 2],
      ["ab", 3],
      ["abc", 3],
      ["abcd", 3],
      ["abcde", 3],
      ["abcdef", 4],
    ] as const) {
      const bytes = serializeRtcp([{ kind: "source-description", chunks: [{ ssrc: 1, items: [{ type: 1, text }] }] }]);
      expect(bytes[3], text).toBe(words);
      expect(bytes.at(-1), text).toBe(0);
    }
  });

  it("are read without the last end marker", () => {
    expect(parseRtcp(Uint8Array.of(0x81, 202, 0, 2, 0, 0, 0, 1, 1, 2, 0x61, 0x62))).toEqual([
      { kind: "source-description", chunks: [{ ssrc: 1, items: [{ type: 1, text: "ab" }] }] },
    ]);
  });

  it("cut what is longer than 255 bytes between characters", () => {
    const items = [{ type: SdesType.cname, text: "é".repeat(200) }];
    const [read] = parseRtcp(serializeRtcp([{ kind: "source-description", chunks: [{ ssrc: 1, items }] }]))!;
    expect(read).toMatchObject({ chunks: [{ items: [{ text: "é".repeat(127) }] }] });
  });

  it.each([
    { name: "a chunk past the end", bytes: [0x82, 202, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0] },
    { name: "a text past the end", bytes: [0x81, 202, 0, 2, 0, 0, 0, 1, 1, 3, 0x61, 0x62] },
    { name: "an item without a length", bytes: [0x81, 202, 0, 2, 0, 0, 0, 1, 1, 1, 0x61, 1] },
  ])("are refused with $name", ({ bytes }) => {
    expect(parseRtcp(Uint8Array.from(bytes))).toBeUndefined();
  });
});

describe("goodbyes", () => {
  it.each([
    { name: "without a reason", bytes: [0x81, 203, 0, 1, 0, 0, 0, 5], packet: { ssrcs: [5] } },
    {
      name: "of two with a reason",
      bytes: [0x82, 203, 0, 3, 0, 0, 0, 5, 0, 0, 0, 6, 3, 0x65, 0x6e, 0x64],
      packet: { ssrcs: [5, 6], reason: "end" },
    },
    {
      name: "with an empty reason",
      bytes: [0x81, 203, 0, 2, 0, 0, 0, 5, 0, 0, 0, 0],
      packet: { ssrcs: [5], reason: "" },
    },
  ])("$name are read and written", ({ bytes, packet }) => {
    const goodbye = { kind: "goodbye" as const, ...packet };
    expect(parseRtcp(Uint8Array.from(bytes))).toEqual([goodbye]);
    expect([...serializeRtcp([goodbye])]).toEqual(bytes);
  });

  it.each([
    { name: "a source past the end", bytes: [0x82, 203, 0, 1, 0, 0, 0, 5] },
    { name: "a reason past the end", bytes: [0x81, 203, 0, 2, 0, 0, 0, 5, 4, 0x65, 0x6e, 0x64] },
  ])("are refused with $name", ({ bytes }) => {
    expect(parseRtcp(Uint8Array.from(bytes))).toBeUndefined();
  });
});
