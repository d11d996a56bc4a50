import { describe, expect, it } from "vitest";
import type { ShareEvent, WatchEvent } from "../pipeline/index.js";
import { createEventPrinter } from "./event-printer.js";
import { drawQrCode } from "./qr-code.js";
import { shareWords, watchHint } from "./share-words.js";
import { watchWords } from "./watch-words.js";

const words = shareWords(() => undefined);

const STARTED: ShareEvent = {
  kind: "started",
  stream: "screen",
  source: { kind: "screen", name: "screen", width: 1920, height: 1080, fps: 30, content: "screen" },
  encoder: "libx264",
  width: 1280,
  height: 720,
  targets: [{ protocol: "rtp", address: "127.0.0.1:5004", multicast: false }],
};

const SHARE_STATISTICS: ShareEvent = {
  kind: "statistics",
  captureFps: 30,
  encodedFps: 29.6,
  encodedBitrateBps: 2_140_000,
  framesDropped: 0,
  encodeMs: 4.21,
  streams: [{ stream: "screen", width: 1280, height: 720, maxFps: 30 }],
  targets: ["10.0.0.1:5004", "10.0.0.2:5004", "10.0.0.3:5004", "10.0.0.4:5004"].map((address, index) => ({
    address,
    packetsSent: 1,
    bitrateBps: 1,
    packetsResent: 0,
    answered: index > 0,
    ...(index > 0 && { roundTripMs: 12.3, lossFraction: 0.021 }),
  })),
  viewers: [],
};

const VIEWER = { viewer: "a1b2c3", stream: "screen", remote: "10.0.0.9" };
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";

const WATCH_STATISTICS: WatchEvent = {
  kind: "statistics",
  shownFps: 30,
  bitrateBps: 640_000,
  framesReceived: 100,
  framesLost: 0,
  packetsReceived: 1_000,
  packetsLost: 1,
  packetsRepaired: 7,
  jitterMs: 1,
  glassToGlassMs: 11.6,
  decodeMs: 2,
};

describe("share", () => {
  it("tells what is shared, where to, and what to type to watch it", () => {
    expect(words.describe(STARTED)).toBe(
      [
        "Sharing screen, 1920x1080 scaled to 1280x720, up to 30 fps (libx264)",
        "  to 127.0.0.1:5004",
        "To watch, in another terminal: sightline watch :5004",
      ].join("\n"),
    );
  });

  it("names the machine to watch on", () => {
    const target = { protocol: "rtp", multicast: false } as const;
    expect(watchHint({ ...target, address: "10.0.0.7:6000" })).toBe("To watch, on 10.0.0.7: sightline watch :6000");
    expect(watchHint({ ...target, address: "[fd00::7]:6000" })).toBe("To watch, on [fd00::7]: sightline watch :6000");
    expect(watchHint({ ...target, address: "10.0.0.7:6000", protocol: "jpeg" })).toContain("watch jpeg://:6000");
    expect(watchHint({ ...target, address: "10.0.0.7:6000", encrypted: true })).toContain("watch :6000 --key KEY");
    expect(watchHint({ ...target, address: "239.1.2.3:6000", multicast: true })).toContain("watch 239.1.2.3:6000");
  });

  it("shows rates and each target in one line", () => {
    expect(words.status(SHARE_STATISTICS)).toBe(
      "30 fps  2.1 Mb/s  encode 4.2 ms | 10.0.0.1:5004 no answer" +
        " | 10.0.0.2:5004 rtt 12 ms loss 2.1 % | 10.0.0.3:5004 rtt 12 ms loss 2.1 % | 1 more",
    );
  });

  it("tells how to open the link, and draws it where that can be shown", () => {
    const urls = ["http://10.0.0.7:8080/?token=abc", "http://localhost:8080/?token=abc"];
    const link = { kind: "link", urls, port: 8080, access: "token" } as const;
    expect(words.describe(link)).toBe(
      [
        "Whoever has this link can watch, in any browser on the network:",
        "  http://10.0.0.7:8080/?token=abc",
        "  or http://localhost:8080/?token=abc",
        'or in a window of its own: sightline watch "http://10.0.0.7:8080/?token=abc"',
      ].join("\n"),
    );
    expect(shareWords((text) => `[${text}]`).describe(link)).toContain("[http://10.0.0.7:8080/?token=abc]");
    expect(words.describe({ ...link, access: "pin", pin: "123456" })).toContain("PIN: 123 456");
  });

  it("names who comes and goes, and sums up how they fare", () => {
    const browser = { ...VIEWER, userAgent: CHROME };
    expect(words.describe({ kind: "viewer-joined", ...browser })).toBe("Chrome at 10.0.0.9 watches screen");
    expect(words.describe({ kind: "viewer-left", ...VIEWER })).toBe("A viewer at 10.0.0.9 has left");
    const path = { packetsSent: 1, bitrateBps: 1, packetsResent: 0, roundTripMs: 20 };
    const viewers = [
      { ...VIEWER, ...path, rung: "top", lossFraction: 0.01 },
      { ...VIEWER, ...path, rung: "low", lossFraction: 0.2 },
    ] as const;
    expect(words.status({ ...SHARE_STATISTICS, targets: [], viewers })).toBe(
      "30 fps  2.1 Mb/s  encode 4.2 ms | 2 viewers 1 on a smaller picture rtt 20 ms loss 20 %",
    );
    expect(words.status({ ...SHARE_STATISTICS, targets: [] })).toMatch(/^Nobody watches/);
  });
});

describe("drawQrCode", () => {
  const text = "http://192.168.100.200:8080/?token=AbCdEfGhIjKlMnOpQrStUv";
  const terminal = { isTTY: true, columns: 80, write: () => {} };
  const environment = { LANG: "en_US.UTF-8" };

  it("draws white on black whatever the terminal's colours are", () => {
    const lines = drawQrCode(text, terminal, environment)!.split("\n");
    expect(lines.length).toBeLessThan(25);
    for (const line of lines) expect(line.replace("\x1b[97;40m", "<").replace("\x1b[0m", ">")).toMatch(/^<[ █▀▄]+>$/);
  });

  it.each([
    ["no terminal", { ...terminal, isTTY: false }, environment],
    ["a narrow one", { ...terminal, columns: 30 }, environment],
    ["one without colours", terminal, { ...environment, TERM: "dumb" }],
  ])("draws nothing on %s", (_, out, env) => {
    expect(drawQrCode(text, out, env)).toBeUndefined();
  });
});

describe("watch", () => {
  it("shows rate, latency and loss in one line", () => {
    expect(watchWords.status(WATCH_STATISTICS)).toBe("30 fps  640 kb/s  latency 12 ms  packets lost 1, repaired 7");
  });

  it("shows no figures before there is a stream", () => {
    expect(watchWords.status({ ...WATCH_STATISTICS, framesReceived: 0 })).toBeUndefined();
  });

  it("leaves the keys out where there is no window", () => {
    const event = { kind: "listening", address: "0.0.0.0:5004", window: "none" } as const;
    expect(watchWords.describe(event)).toBe("Waiting for a stream on port 5004 (Ctrl-C ends)");
    expect(watchWords.describe({ ...event, address: "10.0.0.1:5004" })).toMatch(
      /^Waiting for a stream at 10.0.0.1:5004 /,
    );
  });
});

describe("createEventPrinter", () => {
  const warning = { kind: "warning", message: "the receive buffer is small" } as const;

  function print(flags: { json?: boolean; quiet?: boolean }): string {
    let written = "";
    const out = {
      write(text: string) {
        written += text;
      },
    };
    const printer = createEventPrinter<WatchEvent>({ ...flags, out, words: watchWords });
    for (const event of [warning, { kind: "stream-resumed" } as const, WATCH_STATISTICS]) printer.show(event);
    printer.end();
    return written;
  }

  it("prints lines and the status", () => {
    expect(print({}).split("\n")).toHaveLength(4);
  });

  it("prints warnings only, when quiet", () => {
    expect(print({ quiet: true })).toBe("Warning: the receive buffer is small\n");
  });

  it("prints each event as a line of JSON", () => {
    const lines = print({ json: true }).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([warning, { kind: "stream-resumed" }, WATCH_STATISTICS]);
  });
});
