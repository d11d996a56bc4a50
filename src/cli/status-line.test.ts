import { beforeEach, describe, expect, it } from "vitest";
import { StatusLine } from "./status-line.js";

let written: string;

beforeEach(() => {
  written = "";
});

function stream(terminal: { isTTY?: boolean; columns?: number }) {
  return {
    ...terminal,
    write(text: string) {
      written += text;
    },
  };
}

describe("on a terminal", () => {
  it("rewrites one line in place", () => {
    const line = new StatusLine(stream({ isTTY: true, columns: 80 }));
    line.update("29 fps", 0);
    line.update("30 fps", 1);
    expect(written).toBe("\r\x1b[K29 fps\r\x1b[K30 fps");
  });

  it("keeps the status under lines that stay", () => {
    const line = new StatusLine(stream({ isTTY: true, columns: 80 }));
    line.print("Waiting");
    line.update("30 fps", 0);
    written = "";
    line.print("A viewer answers");
    expect(written).toBe("\r\x1b[KA viewer answers\n30 fps");
  });

  it("never wraps", () => {
    const line = new StatusLine(stream({ isTTY: true, columns: 10 }));
    line.update("0123456789abc", 0);
    expect(written).toBe("\r\x1b[K01234567…");
  });

  it("is taken away once", () => {
    const line = new StatusLine(stream({ isTTY: true }));
    line.update("30 fps", 0);
    written = "";
    line.clear();
    line.clear();
    expect(written).toBe("\r\x1b[K");
  });
});

describe("in a file or pipe", () => {
  it("prints a plain line at once and then every 10 s", () => {
    const line = new StatusLine(stream({}));
    for (let second = 0; second <= 20; second += 1) line.update(`${second} s`, 1_000 * second);
    expect(written).toBe("0 s\n10 s\n20 s\n");
  });

  it("prints lines that stay without control characters", () => {
    const line = new StatusLine(stream({}));
    line.update("30 fps", 0);
    line.print("A viewer answers");
    line.clear();
    expect(written).toBe("30 fps\nA viewer answers\n");
  });
});
