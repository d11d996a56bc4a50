import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros } from "../../time.js";
import { JpegDepacketizer } from "./depacketizer.js";
import { readJfif } from "./jfif-reader.js";
import { jpegPacketizer } from "./packetizer.js";
import { standardQuantizationTables } from "./standard-tables.js";

/** 32×32, 4:2:0, from `ffmpeg -c:v mjpeg -huffman default`. */
const FFMPEG_420 = file(
  "/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgYGBwYHCEhISEhISckJygoKCcnJycoKCgrKyszMzMrKysoKCsrMD",
  "AzMzc5NzQ0MzQ5OTw8PEhIRUVUVFdnZ3z/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgsBAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYH",
  "CAkKCxAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRk",
  "dISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi",
  "4+Tl5ufo6erx8vP09fb3+Pn6EQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEGEkFRB2FxEyIygQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGi",
  "YnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqCg4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TF",
  "xsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4+fr/wAARCAAgACADASIAAhEAAxEA/9oADAMBAAIRAxEAPwCJmC8mq/mp6/of8Khn+6Pr/Q",
  "1z1eXOo4ya0PvMPgqdalGbc7u+zVtG12Z2QOeadUKfdX6D+VTV6Kd0n5HxtSKhUnFbRk19zCiiirOUKKKKAP/Z",
);

/** 32×32, 4:2:2, from GStreamer's `jpegenc` (libjpeg). */
const GSTREAMER_422 = file(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeX",
  "BkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAg",
  "ACADASEAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhBy",
  "JxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT",
  "lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAA",
  "AAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRom",
  "JygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExc",
  "bHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDS8L+GodOt0uLlFe6cZ5GdntXSUAFYviDw/b6vbsQqpcqPkkA6",
  "+xoA2qKACigAooAKKAMXw5rsOr2igsFuUGHQnr7itqgArP1nV7fSLRppmG/HyJ3Y0Af/2Q==",
);

function file(...base64: string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(base64.join(""), "base64"));
}

function packetize(data: Uint8Array, maxPayloadSize = 256): Uint8Array[] {
  return jpegPacketizer.packetize({ codec: "jpeg", data, keyframe: true, captureTime: micros(0) }, maxPayloadSize);
}

function depacketize(payloads: readonly Uint8Array[]): Uint8Array | undefined {
  return new JpegDepacketizer().depacketize(payloads)?.data;
}

/** A copy of a file with a segment put in behind its start-of-image marker. */
function withSegment(data: Uint8Array, marker: number, body: readonly number[]): Uint8Array {
  return Uint8Array.of(0xff, 0xd8, 0xff, marker, 0, body.length + 2, ...body, ...data.subarray(2));
}

/** A copy of a file with some bytes replaced, counted from the first occurrence of a marker. */
function withBytes(data: Uint8Array, marker: number, changes: Record<number, number>): Uint8Array {
  const copy = data.slice();
  const at = Buffer.from(copy).indexOf(Buffer.of(0xff, marker));
  for (const [offset, value] of Object.entries(changes)) copy[at + Number(offset)] = value;
  return copy;
}

/** A file with a long scan: the format is right, the picture is noise. */
function withScan(data: Uint8Array, scan: Uint8Array): Uint8Array {
  const headers = data.length - readJfif(data).scan.length - 2;
  return Uint8Array.of(...data.subarray(0, headers), ...scan, 0xff, 0xd9);
}

describe("JPEG over RTP", () => {
  it.each([
    ["ffmpeg 4:2:0", FFMPEG_420, "4:2:0"],
    ["GStreamer 4:2:2", GSTREAMER_422, "4:2:2"],
  ])("carries a file from %s", (_, original, subsampling) => {
    const rebuilt = depacketize(packetize(original))!;
    expect(readJfif(rebuilt)).toEqual(readJfif(original));
    expect(readJfif(rebuilt)).toMatchObject({ width: 32, height: 32, subsampling, restartInterval: 0 });
    expect([...rebuilt.subarray(0, 11)]).toEqual([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0]);
    expect([...rebuilt.subarray(-2)]).toEqual([0xff, 0xd9]);
  });

  it("writes the headers of RFC 2435 §3.1", () => {
    const [first, second] = packetize(withScan(FFMPEG_420, new Uint8Array(300).fill(7)));
    expect([...first!.subarray(0, 12)]).toEqual([0, 0, 0, 0, 1, 255, 4, 4, 0, 0, 0, 128]);
    expect(first!.length).toBe(256);
    expect([...second!.subarray(0, 9)]).toEqual([0, 0, 0, 116, 1, 255, 4, 4, 7]);
    expect(second!.length).toBe(8 + 300 - 116);
  });

  it("carries the restart interval", () => {
    const original = withSegment(FFMPEG_420, 0xdd, [0, 2]);
    const payloads = packetize(original);
    expect([...payloads[0]!.subarray(4, 12)]).toEqual([65, 255, 4, 4, 0, 2, 0xff, 0xff]);
    expect(readJfif(depacketize(payloads)!).restartInterval).toBe(2);
  });

  it("carries restart markers and stuffed bytes", () => {
    const scan = Uint8Array.of(1, 0xff, 0, 2, 0xff, 0xd0, 3, 0xff, 0xd7, 4);
    expect(readJfif(depacketize(packetize(withScan(FFMPEG_420, scan)))!).scan).toEqual(scan);
  });

  it("rounds the size up to blocks of 8", () => {
    const original = withBytes(FFMPEG_420, 0xc0, { 6: 25, 8: 31 });
    expect(readJfif(depacketize(packetize(original))!)).toMatchObject({ width: 32, height: 32 });
  });

  it("joins what it cut, at any size", () => {
    const scan = fc.uint8Array({ minLength: 1, maxLength: 5_000, max: 254 });
    fc.assert(
      fc.property(scan, fc.integer({ min: 256, max: 1_500 }), (data, maxPayloadSize) => {
        const payloads = packetize(withScan(GSTREAMER_422, data), maxPayloadSize);
        for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(maxPayloadSize);
        expect(readJfif(depacketize(payloads)!).scan).toEqual(data);
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});

describe("jpegPacketizer", () => {
  const ffmpeg422 = withBytes(FFMPEG_420, 0xc0, { 14: 0x12, 17: 0x12 });

  it.each([
    ["progressive", withBytes(FFMPEG_420, 0xc0, { 1: 0xc2 }), /baseline/],
    ["12 bits", withBytes(FFMPEG_420, 0xc0, { 4: 12 }), /8 bits/],
    ["4:4:4", withBytes(FFMPEG_420, 0xc0, { 11: 0x11 }), /subsampled/],
    ["4:2:2 of another layout", ffmpeg422, /subsampled/],
    ["optimized Huffman tables", withBytes(FFMPEG_420, 0xc4, { 5: 1 }), /Huffman/],
    ["too wide", withBytes(FFMPEG_420, 0xc0, { 7: 2_048 >> 8, 8: 0 }), /2048x32/],
    ["no height", withBytes(FFMPEG_420, 0xc0, { 5: 0, 6: 0 }), /size/],
    ["coarser tables", withBytes(FFMPEG_420, 0xdb, { 4: 0x10 }), /8 bits/],
    ["other scan tables", withBytes(FFMPEG_420, 0xda, { 6: 0x11 }), /scan/],
    ["two scans", withScan(FFMPEG_420, Uint8Array.of(1, 0xff, 0xda, 2)), /more than one scan/],
  ])("does not support %s", (_, data, message) => {
    expect(() => packetize(data)).toThrow(expect.objectContaining({ code: "unsupported" }));
    expect(() => packetize(data)).toThrow(message);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["another file", Uint8Array.of(0x89, 0x50, 0x4e, 0x47)],
    ["a file cut short in its headers", FFMPEG_420.subarray(0, 300)],
    ["an empty scan", withScan(FFMPEG_420, new Uint8Array())],
    ["a missing quantization table", withBytes(FFMPEG_420, 0xc0, { 12: 3 })],
  ])("refuses %s", (_, data) => {
    expect(() => packetize(data)).toThrow(expect.objectContaining({ code: "invalid-data" }));
  });

  it("refuses changed files with its own errors only", () => {
    const change = fc.tuple(fc.nat(FFMPEG_420.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), fc.nat(FFMPEG_420.length), (changes, length) => {
        const data = FFMPEG_420.slice(0, length);
        for (const [at, value] of changes) if (at < data.length) data[at] = value;
        try {
          expect(packetize(data).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ name: "SightlineError" });
        }
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});

describe("JpegDepacketizer", () => {
  const tables = Array.from({ length: 128 }, (_, i) => i + 1);
  const payload = (q: number, ...rest: number[]) => Uint8Array.of(0, 0, 0, 0, 1, q, 4, 4, ...rest);

  it("computes the tables of a quality below 100 (appendix A)", () => {
    const [luma, chroma] = standardQuantizationTables(50);
    expect([...luma.subarray(0, 6)]).toEqual([16, 11, 12, 14, 12, 10]);
    expect([...chroma.subarray(0, 6)]).toEqual([17, 18, 18, 24, 21, 24]);
    expect(standardQuantizationTables(25)[0][0]).toBe(32);
    expect(standardQuantizationTables(1)[0][0]).toBe(255);
    expect(standardQuantizationTables(99)[0][0]).toBe(1);
    expect(readJfif(depacketize([payload(50, 9)])!).quantizationTables).toEqual([luma, chroma]);
  });

  it("remembers the tables of qualities from 128 to 254", () => {
    const depacketizer = new JpegDepacketizer();
    const withoutTables = payload(200, 0, 0, 0, 0, 9);
    expect(depacketizer.depacketize([withoutTables])).toBeUndefined();
    const first = depacketizer.depacketize([payload(200, 0, 0, 0, 128, ...tables, 9)]);
    expect(first).toBeDefined();
    expect(depacketizer.depacketize([withoutTables])).toEqual(first);
    expect(depacketizer.depacketize([payload(201, 0, 0, 0, 0, 9)])).toBeUndefined();
  });

  it("does not remember the tables of quality 255", () => {
    const depacketizer = new JpegDepacketizer();
    expect(depacketizer.depacketize([payload(255, 0, 0, 0, 128, ...tables, 9)])).toBeDefined();
    expect(depacketizer.depacketize([payload(255, 0, 0, 0, 0, 9)])).toBeUndefined();
  });

  it("takes a single table for all components", () => {
    const data = depacketize([payload(255, 0, 0, 0, 64, ...tables.slice(0, 64), 9)])!;
    const table = Uint8Array.from(tables.slice(0, 64));
    expect(readJfif(data).quantizationTables).toEqual([table, table]);
  });

  it("does not repeat an end-of-image marker that the sender counts as data", () => {
    const data = depacketize([payload(50, 9, 0xff, 0xd9)])!;
    expect([...data.subarray(-3)]).toEqual([9, 0xff, 0xd9]);
  });

  const [first, second, third] = packetize(withScan(FFMPEG_420, new Uint8Array(600).fill(7)));

  it.each([
    ["the first packet is missing", [second!, third!]],
    ["a packet in the middle is missing", [first!, third!]],
    ["a packet is there twice", [first!, second!, second!, third!]],
    ["packets describe different pictures", [first!, Uint8Array.from(second!, (byte, i) => (i === 6 ? 5 : byte))]],
    ["there is none", []],
    ["it is cut short", [first!.subarray(0, 100)]],
    ["it is interlaced", [Uint8Array.of(1, 0, 0, 0, 1, 50, 4, 4, 9)]],
    ["its type is unknown", [Uint8Array.of(0, 0, 0, 0, 2, 50, 4, 4, 9)]],
    ["its size is missing", [Uint8Array.of(0, 0, 0, 0, 1, 50, 0, 4, 9)]],
    ["its tables have 16 bits", [payload(255, 0, 1, 0, 128, ...tables, 9)]],
    ["its restart header is cut short", [Uint8Array.of(0, 0, 0, 0, 65, 50, 4, 4, 0, 1)]],
  ])("refuses a frame when %s", (_, payloads) => {
    expect(depacketize(payloads)).toBeUndefined();
  });

  it("tells a frame's first packet", () => {
    expect(new JpegDepacketizer().inspect(first!)).toEqual({ startsFrame: "yes", keyframe: true });
    expect(new JpegDepacketizer().inspect(second!)).toEqual({ startsFrame: "no", keyframe: true });
    expect(new JpegDepacketizer().inspect(first!.subarray(0, 7))).toBeUndefined();
  });

  it("never throws, whatever the bytes", () => {
    const header = fc.tuple(
      fc.constantFrom(0, 1, 64, 65),
      fc.nat(255),
      fc.nat(255),
      fc.nat(255),
      fc.constantFrom(0, 2),
    );
    const likely = fc
      .tuple(header, fc.uint8Array({ maxLength: 200 }))
      .map(([[type, q, width, height, offset], rest]) =>
        Uint8Array.of(0, 0, 0, offset, type, q, width, height, ...rest),
      );
    fc.assert(
      fc.property(fc.array(fc.oneof(likely, fc.uint8Array({ maxLength: 40 })), { maxLength: 5 }), (payloads) => {
        const depacketizer = new JpegDepacketizer();
        for (const one of payloads) depacketizer.inspect(one);
        const frame = depacketizer.depacketize(payloads);
        if (frame !== undefined) expect(readJfif(frame.data).width % 8).toBe(0);
      }),
      { seed: 8, numRuns: 1_000 },
    );
  });
});
