import { describe, expect, it } from "vitest";
import { StreamReader } from "../native/stream-reader.js";
import { LiveSource } from "./live-source.js";

/** A stream that FFmpeg makes itself, as fast as it is read, in the place of a camera. */
async function openGenerator(graph: string): Promise<StreamReader> {
  const reader = await StreamReader.open({ url: graph, format: "lavfi", isLive: true });
  if (typeof reader === "number") throw new Error(`code ${reader}`);
  return reader;
}

const INFO = { kind: "camera", name: "generator", width: 64, height: 48, fps: 50, content: "camera" } as const;

describe("LiveSource", () => {
  it("delivers the newest picture, not faster than it was asked to", async () => {
    const source = new LiveSource(await openGenerator("testsrc=size=64x48:rate=1000,realtime"), INFO);
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const captured = await source.next();
      expect(captured).toMatchObject({ changed: "all", picture: { width: 64, height: 48 } });
      times.push(captured?.captureTime ?? 0);
    }
    for (const [i, time] of times.slice(1).entries()) expect(time - (times[i] as number)).toBeGreaterThan(14_000);
    await source.close();
    expect(await source.next()).toBeUndefined();
  });

  it("is lost when the device ends", async () => {
    const source = new LiveSource(await openGenerator("testsrc=size=64x48:rate=1000:duration=0.1,realtime"), INFO);
    const untilLost = async (): Promise<void> => {
      while (await source.next());
    };
    await expect(untilLost()).rejects.toMatchObject({
      code: "source-lost",
      message: "generator is gone: it has ended",
    });
    await source.close();
  });

  it("delivers nothing of a screen that stays as it is, and closes all the same", async () => {
    const screen = { ...INFO, kind: "screen", content: "screen" } as const;
    const source = new LiveSource(await openGenerator("color=size=64x48:rate=100,realtime"), screen);
    expect((await source.next())?.changed).toBe("all");
    const pending = source.next();
    const outcome = await Promise.race([pending, new Promise((resolve) => setTimeout(resolve, 100, "waiting"))]);
    expect(outcome).toBe("waiting");
    await source.close();
    expect(await pending).toBeUndefined();
  });
});
