import { type ShareStatistics, share, type VideoFrame, type WatchEvent, watch } from "sightline";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.js";

const SIZE = { width: 160, height: 120 };

describe("the library", () => {
  it("hands out a shared source's pictures, plane by plane", async () => {
    const port = await freePort();
    const sharing = await share({ source: "test", size: SIZE, fps: 20, to: [`127.0.0.1:${port}`] });
    onTestFinished(() => sharing.close());
    expect(sharing.source).toMatchObject({ kind: "test", ...SIZE });
    expect(sharing.targets).toEqual([{ protocol: "rtp", address: `127.0.0.1:${port}`, multicast: false }]);

    const events: WatchEvent[] = [];
    const watching = await watch(`:${port}`, { window: false, onEvent: (event) => events.push(event) });
    onTestFinished(() => watching.close());
    const frames: VideoFrame[] = [];
    for await (const frame of watching.frames()) if (frames.push(frame) === 3) break;

    for (const { width, height, format, planes, strides } of frames) {
      expect({ width, height, format }).toEqual({ ...SIZE, format: "yuv420p" });
      expect(strides).toEqual([160, 80, 80]);
      expect(planes.map(({ length }) => length)).toEqual([160 * 120, 80 * 60, 80 * 60]);
    }
    const times = frames.map(({ captureTime }) => captureTime);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(3);
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["listening", "stream-started"]));

    await watching.close();
    expect(await watching.ended).toEqual({ reason: "closed" });
    for await (const _ of watching.frames()) expect.unreachable();
    await sharing.close();
    expect(await sharing.ended).toEqual({ reason: "closed" });
  });

  it("sends smaller pictures of a camera where too little may be sent for large ones, and says so", async () => {
    const port = await freePort();
    const told: ShareStatistics[] = [];
    const sharing = await share({
      source: "test",
      profile: "camera",
      size: { width: 640, height: 360 },
      bitrateBps: 150e3,
      to: [`127.0.0.1:${port}`],
      onEvent: (event) => {
        if (event.kind === "statistics") told.push(event);
      },
    });
    onTestFinished(() => sharing.close());
    const watching = await watch(`:${port}`, { window: false });
    onTestFinished(() => watching.close());
    const sizes = new Set<string>();
    for await (const { width, height } of watching.frames()) {
      sizes.add(`${width}x${height}`);
      if (sizes.has("480x270")) break;
    }
    expect([...sizes]).toEqual(["640x360", "480x270"]);
    const [stream] = sharing.statistics().streams;
    expect(stream).toEqual({ stream: "test", width: 480, height: 270, maxFps: 30 });
    expect(told.every(({ streams }) => streams.length === 1)).toBe(true);
  });

  it("does not begin what is aborted while it is opened", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const kinds: string[] = [];
    const onEvent = ({ kind }: { readonly kind: string }) => kinds.push(kind);
    const openings = [
      share({ source: "test", size: SIZE, link: { announce: false }, signal, onEvent }),
      watch(`:${await freePort()}`, { window: false, signal, onEvent }),
    ];
    controller.abort();
    const aborted = { status: "rejected", reason: expect.objectContaining({ name: "AbortError" }) };
    expect(await Promise.allSettled(openings)).toEqual([aborted, aborted]);
    expect(kinds).not.toContain("started");
    expect(kinds).not.toContain("listening");
  });

  it("ends at once by an abort signal", async () => {
    const controller = new AbortController();
    const watching = await watch(`:${await freePort()}`, { window: false, signal: controller.signal });
    controller.abort();
    expect(await watching.ended).toEqual({ reason: "closed" });
  });
});
