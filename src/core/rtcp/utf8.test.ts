import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

describe("UTF-8", () => {
  it("agrees with the platform's encoder and decoder on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
        const bytes = encodeUtf8(text, 1_000);
        expect(bytes).toEqual(new TextEncoder().encode(text));
        expect(decodeUtf8(bytes)).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
      }),
      { seed: 21, numRuns: 1_000 },
    );
  });

  it("decodes any bytes, and what is well formed as the platform does", () => {
    const platform = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
        const text = decodeUtf8(bytes);
        expect(decodeUtf8(encodeUtf8(text, 1_000))).toBe(text);
        let expected: string | undefined;
        try {
          expected = platform.decode(bytes);
        } catch {
          expect(text).toContain("\ufffd");
        }
        if (expected !== undefined) expect(text).toBe(expected);
      }),
      { seed: 22, numRuns: 3_000 },
    );
  });

  it.each([
    { name: "a byte that continues nothing", bytes: [0x80], text: "\ufffd" },
    { name: "an overlong slash", bytes: [0xc0, 0xaf], text: "\ufffd\ufffd" },
    { name: "a surrogate", bytes: [0xed, 0xa0, 0x80], text: "\ufffd\ufffd\ufffd" },
    { name: "a code point beyond the last", bytes: [0xf4, 0x90, 0x80, 0x80], text: "\ufffd\ufffd\ufffd\ufffd" },
    { name: "a sequence cut short", bytes: [0xe2, 0x82], text: "\ufffd\ufffd" },
    { name: "a sequence broken by a letter", bytes: [0xc3, 0x41], text: "\ufffdA" },
  ])("replaces $name", ({ bytes, text }) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text);
  });

  it("cuts between characters", () => {
    expect(encodeUtf8("a€b", 3)).toEqual(Uint8Array.of(0x61));
    expect(encodeUtf8("a€b", 4)).toEqual(Uint8Array.of(0x61, 0xe2, 0x82, 0xac));
  });
});
