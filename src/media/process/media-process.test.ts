import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { makeClip, pictureNumber } from "../../../test/support/clips.js";
import { solidPicture } from "../../../test/support/pictures.js";
import { Decoder } from "../decoder.js";
import { writePng } from "../snapshot.js";
import { MediaProcess, type MediaProcessEvent } from "./media-process.js";
import type { EncodingRequest, OpenRequest } from "./protocol.js";

/** The compiled module: a child process runs no TypeScript. */
const ENTRY = new URL("../../../dist/media/process/main.js", import.meta.url);
const VIDEO: EncodingRequest = { id: "video", codec: "h264", bitrateBps: 4e6 };
const TEST: OpenRequest = { source: "test", fps: 60, size: { width: 320, height: 192 }, encodings: [VIDEO] };

type EventOf<Kind> = Extract<MediaProcessEvent, { kind: Kind }>;

/** A media process whose events can be waited for, in order. */
class Harness {
  readonly process: MediaProcess;
  private readonly events: MediaProcessEvent[] = [];
  private wake: () => void = () => {};

  constructor(request: OpenRequest, entry = ENTRY) {
    const onEvent = (event: MediaProcessEvent): void => {
      this.events.push(event);
      this.wake();
    };
    this.process = MediaProcess.start({ request, entry, onEvent });
    running.push(this.process);
  }

  async next<Kind extends MediaProcessEvent["kind"]>(
    kind: Kind,
    matches: (event: EventOf<Kind>) => boolean = () => true,
  ): Promise<EventOf<Kind>> {
    for (;;) {
      for (let event = this.events.shift(); event !== undefined; event = this.events.shift()) {
        if (event.kind === kind && matches(event as EventOf<Kind>)) return event as EventOf<Kind>;
        if (event.kind === "ended") throw new Error(`ended: ${event.error?.message}`);
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

async function stillFile(): Promise<string> {
  const file = join(folder, "still.png");
  await writePng(solidPicture(64, 64, 0x808080), file);
  return file;
}

const running: MediaProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), "sightline-process-"));
afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("MediaProcess", () => {
  it("captures and encodes, makes keyframes when asked, and ends", async () => {
    const harness = new Harness(TEST);
    const { info } = await harness.next("opened");
    expect(info.source).toMatchObject({ kind: "test", width: 320, height: 192, fps: 60 });
    expect(info.encodings).toEqual([{ id: "video", encoderName: "libx264", width: 320, height: 192, chroma: "420" }]);
    const decoder = new Decoder("h264");
    for (let i = 0; i < 10; i++) {
      const { encoding, frame } = await harness.next("frame");
      expect([encoding, frame.keyframe]).toEqual(["video", i === 0]);
      expect(decoder.decode(frame.data)?.isDamaged).toBe(false);
    }
    harness.process.requestKeyframe("video");
    await harness.next("frame", ({ frame }) => frame.keyframe);
    const { statistics } = await harness.next("statistics");
    expect(statistics.framesEncoded).toBeGreaterThan(10);
    expect(statistics.encode.p50Ms).toBeGreaterThan(0);
    void harness.process.close();
    expect((await harness.next("ended")).error).toBeUndefined();
  });

  it("feeds several encodings of several sizes from one source", async () => {
    const encodings: EncodingRequest[] = [
      { id: "small", codec: "h264", bitrateBps: 1e6, size: { width: 160, height: 160 } },
      VIDEO,
      { id: "jpeg", codec: "jpeg", bitrateBps: 4e6, maxFrameBytes: 6_000 },
    ];
    const harness = new Harness({ ...TEST, encodings });
    const { info } = await harness.next("opened");
    expect(info.encodings.map(({ id, width, height }) => [id, width, height])).toEqual([
      ["video", 320, 192],
      ["jpeg", 320, 192],
      ["small", 160, 96],
    ]);
    expect((await harness.next("frame")).encoding).toBe("video");
    const jpeg = await harness.next("frame");
    const small = await harness.next("frame");
    expect(small.encoding).toBe("small");
    expect(new Decoder("h264").decode(small.frame.data)?.picture.width).toBe(160);
    expect(jpeg.frame).toMatchObject({ codec: "jpeg", keyframe: true });
    expect(jpeg.frame.data.length).toBeLessThanOrEqual(6_000);
  });

  it("opens and closes encodings while it runs, and opens them again after a crash", async () => {
    const harness = new Harness({ ...TEST, encodings: [] });
    expect((await harness.next("opened")).info.encodings).toEqual([]);
    const { statistics } = await harness.next("statistics", ({ statistics }) => statistics.framesCaptured > 0);
    expect(statistics.framesEncoded).toBe(0);
    harness.process.openEncoding({ ...VIDEO, id: "sharp", chroma: "444" });
    expect((await harness.next("encoding-opened")).info).toMatchObject({ id: "sharp", chroma: "444" });
    const first = await harness.next("frame");
    expect([first.encoding, first.frame.keyframe]).toEqual(["sharp", true]);
    expect(new Decoder("h264").decode(first.frame.data)?.picture.format).toBe("yuv444p");

    harness.process.openEncoding({ ...VIDEO, id: "broken", encoder: "h264_none" });
    expect((await harness.next("encoding-failed")).error.code).toBe("unsupported");
    harness.process.openEncoding({ ...VIDEO, id: "low", size: { width: 160, height: 96 } });
    const low = await harness.next("frame", ({ encoding }) => encoding === "low");
    expect(low.frame.keyframe).toBe(true);
    harness.process.closeEncoding("sharp");
    expect((await harness.next("encoding-closed")).encoding).toBe("sharp");

    process.kill(harness.process.pid as number, "SIGKILL");
    const { info } = await harness.next("opened");
    expect(info.encodings.map(({ id }) => id)).toEqual(["low"]);
    expect((await harness.next("frame")).frame.keyframe).toBe(true);
  });

  it("encodes a still picture at once for an encoding that is opened late", async () => {
    const harness = new Harness({ ...TEST, source: await stillFile(), encodings: [] });
    await harness.next("statistics", ({ statistics }) => statistics.framesCaptured === 1);
    harness.process.openEncoding(VIDEO);
    const { frame } = await harness.next("frame");
    expect(frame.keyframe).toBe(true);
  });

  it("starts again after a crash, with a keyframe and the bitrate that was set", async () => {
    const harness = new Harness(TEST);
    await harness.next("frame");
    harness.process.setBitrate("video", 300_000);
    process.kill(harness.process.pid as number, "SIGKILL");
    expect((await harness.next("restarted")).reason).toBe("signal SIGKILL");
    await harness.next("opened");
    const { frame } = await harness.next("frame");
    expect(frame.keyframe).toBe(true);
    expect(frame.data.length).toBeLessThan(20_000);
  });

  it("gives up when every start crashes", async () => {
    const harness = new Harness(TEST, new URL("./absent.js", ENTRY));
    const { error } = await harness.next("ended");
    expect(error).toMatchObject({ code: "internal", message: expect.stringContaining("crashed too often") });
  });

  it.each([
    [{ source: join(folder, "absent.mp4") }, "not-found"],
    [{ source: "window:" }, "invalid-argument"],
    [{ encodings: [{ ...VIDEO, encoder: "h264_none" }] }, "unsupported"],
  ])("ends with a clear error for %o", async (change, code) => {
    const harness = new Harness({ ...TEST, ...change });
    const { error } = await harness.next("ended");
    expect(error).toMatchObject({ name: "SightlineError", code });
  });

  it("closes at once while a source hangs that is being opened", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const connected = once(silent, "connection");
    const harness = new Harness({ ...TEST, source: `rtsp://127.0.0.1:${port}/silent` });
    await connected;
    const startedAt = performance.now();
    await harness.process.close();
    // Opening gives up only after 10 s.
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    silent.close();
  });

  it("plays a file to its end", async () => {
    const file = join(folder, "clip.mkv");
    makeClip(file, { pictures: 5, fps: 50 });
    const harness = new Harness({ ...TEST, source: file });
    const decoder = new Decoder("h264");
    for (let number = 0; number < 5; number++) {
      const { frame } = await harness.next("frame");
      const decoded = decoder.decode(frame.data);
      expect(decoded && pictureNumber(decoded.picture)).toBe(number);
    }
    expect((await harness.next("ended")).error).toBeUndefined();
  });

  it("encodes a still picture again for a keyframe, and then rests", async () => {
    const harness = new Harness({ ...TEST, source: await stillFile() });
    const first = await harness.next("frame");
    const quiet = await harness.next("statistics", ({ statistics }) => statistics.framesEncoded === 0);
    expect(quiet.statistics.framesCaptured).toBe(0);
    harness.process.requestKeyframe("video");
    const again = await harness.next("frame");
    expect(again.frame.keyframe).toBe(true);
    expect(again.frame.captureTime).toBeGreaterThan(first.frame.captureTime + 500_000);
  });
});
