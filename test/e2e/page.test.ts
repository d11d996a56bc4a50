import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ServerOptions } from "../../src/server/index.js";
import { isBrowserMissing, useBrowser } from "../support/browser.js";
import { eventually } from "../support/eventually.js";
import { SCREEN } from "../support/fake-stream-host.js";
import { freePort } from "../support/free-port.js";
import { type Paint, PaintedVideo } from "../support/painted-video.js";
import { startSightline } from "../support/sightline.js";
import { startTestServer, TOKEN } from "../support/test-server.js";

const SIZE = { width: 320, height: 180 };
const RED: Paint = { y: 81, u: 90, v: 240 };
const GREEN: Paint = { y: 145, u: 54, v: 34 };
const PAGE_FOLDER = fileURLToPath(new URL("../../dist/web", import.meta.url));
/** What coding may change of a plain colour, of 255. */
const TOLERANCE = 24;

/** What is asked of a video element, which the tests' types do not know. */
interface Video {
  readonly videoWidth: number;
  readonly videoHeight: number;
  getVideoPlaybackQuality(): { readonly totalVideoFrames: number };
}

/** What is done with a canvas. */
interface Canvas {
  readonly style: object;
  getContext(kind: "2d"): { fillStyle: string; fillRect(x: number, y: number, width: number, height: number): void };
}

const browser = useBrowser();

describe.skipIf(isBrowserMissing)("the viewer page", () => {
  it("shows the picture, and takes leave of the server", async () => {
    const { link, host } = await share();
    const page = await browser.newPage();
    await page.goto(link);
    await untilLive(page, SCREEN.name);
    const picture = page.locator("video");
    const size = await picture.evaluate(({ videoWidth, videoHeight }: Video) => ({
      width: videoWidth,
      height: videoHeight,
    }));
    expect(size).toEqual(SIZE);
    await eventually({ look: () => framesShown(page), until: (frames) => frames > 10 });
    expect(await page.title()).toBe(`${SCREEN.name} – Sightline`);
    expect(host.clients[0]?.userAgent).toContain("Chrome");
    await page.goto("about:blank");
    await eventually({
      look: () => host.sessions.map(({ isClosed }) => isClosed),
      until: (closed) => closed.every(Boolean),
    });
  });

  it("says that the link is not valid any more", async () => {
    const { link, server, end } = await share();
    const page = await browser.newPage();
    await page.goto(link);
    await untilLive(page);
    await end();
    await share({ port: server.port, access: { kind: "token", token: "another-token-of-28-letters" } });
    await page.getByRole("heading", { name: "This link is not valid any more." }).waitFor();
    const answer = await page.request.get(link);
    expect([answer.status(), await answer.text()]).toEqual([401, ""]);
  });

  it("keeps the last picture while the sender is away, and shows the next one once it is back", async () => {
    const { link, server, end } = await share();
    const page = await browser.newPage();
    await page.goto(link);
    await untilLive(page);
    await end();
    await page.getByRole("heading", { name: "The sender does not answer." }).waitFor();
    expect(await shownColor(page)).toEqual("red");
    await share({ port: server.port }, GREEN);
    await untilLive(page);
    expect(await shownColor(page)).toEqual("green");
  });

  it("shows a stream again that ended meanwhile", async () => {
    const { link, host } = await share();
    const page = await browser.newPage();
    await page.goto(link);
    await untilLive(page);
    host.become([]);
    await page.getByRole("heading", { name: "Nothing is being shared." }).waitFor();
    host.become([SCREEN]);
    await untilLive(page);
    expect(host.sessions.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it("shows several streams as a grid and any of them in the whole window", async () => {
    const { link, host } = await share();
    host.list = [SCREEN, { ...SCREEN, id: "camera", name: "Camera", kind: "camera" }];
    const page = await browser.newPage();
    await page.goto(link);
    await untilLive(page, SCREEN.name);
    await untilLive(page, "Camera");
    await page.getByRole("button", { name: "Enlarge Camera" }).click();
    await page.getByRole("region", { name: SCREEN.name }).waitFor({ state: "detached" });
    await page.getByRole("navigation").getByText("Camera").waitFor();
    await eventually({
      look: () => host.sessions.filter(({ isClosed }) => !isClosed),
      until: ({ length }) => length === 1,
    });
    await page.keyboard.press("ArrowRight");
    await untilLive(page, SCREEN.name);
    await page.goBack();
    await untilLive(page, "Camera");
    await page.keyboard.press("g");
    await page.getByRole("button", { name: `Enlarge ${SCREEN.name}` }).waitFor();
  });

  it("saves what is seen, pixel by pixel", async () => {
    const { link } = await share();
    const page = await browser.newPage();
    await page.goto(link);
    await untilLive(page);
    // Lies over the picture as the sender's pointer does.
    await page
      .locator(".picture-layers")
      .evaluate((layers: { insertAdjacentHTML(place: string, html: string): void }) => {
        layers.insertAdjacentHTML("beforeend", '<canvas id="pointer" width="16" height="18"></canvas>');
      });
    await page.locator("#pointer").evaluate((canvas: Canvas) => {
      const context = canvas.getContext("2d");
      context.fillStyle = "#0000ff";
      context.fillRect(0, 0, 16, 18);
      Object.assign(canvas.style, { inset: "auto", left: "50%", top: "50%", width: "5%", height: "10%" });
    });
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save a snapshot" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^sightline-Secret-plans \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/);
    const { data, info } = await sharp(await readFile(await file.path()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject(SIZE);
    const at = (x: number, y: number) => [...data.subarray((y * SIZE.width + x) * info.channels).subarray(0, 3)];
    expect([at(160, 90), at(175, 107)]).toEqual([
      [0, 0, 255],
      [0, 0, 255],
    ]);
    expect([at(158, 90)[2], at(177, 107)[2]].filter((blue = 255) => blue > TOLERANCE)).toEqual([]);
    const [red = 0, green = 0, blue = 0] = data;
    expect(red).toBeGreaterThan(255 - TOLERANCE);
    expect(Math.max(green, blue)).toBeLessThan(TOLERANCE);
    await page.getByText("Snapshot saved").waitFor();
  });

  it("speaks the browser's language, and the one that is chosen from then on", async () => {
    const { link } = await share();
    const page = await browser.newPage({ locale: "zh-CN" });
    await page.goto(link);
    await untilLive(page);
    expect(await page.locator("html").getAttribute("lang")).toBe("zh");
    await page.getByRole("button", { name: "帮助与设置" }).click();
    await page.getByText("English").click();
    await page.getByRole("heading", { name: "Help and settings" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Help and settings" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
  });

  it("does by key what it does by button", async () => {
    const { link } = await share();
    const page = await browser.newPage({ viewport: { width: 200, height: 150 } });
    await page.goto(link);
    await untilLive(page);
    const width = () => page.locator("video").evaluate((video: { readonly clientWidth: number }) => video.clientWidth);
    expect(await width()).toBe(200);
    await page.keyboard.press("z");
    await eventually({ look: width, until: (width) => width === SIZE.width });
    await page.keyboard.press("i");
    await page.getByRole("region", { name: "Figures" }).getByText("320 × 180").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("i"); // means nothing while the sheet is open
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.getByRole("region", { name: "Figures" }).isVisible()).toBe(true);
    await page.keyboard.press("f");
    await page.getByRole("button", { name: "Leave full screen" }).waitFor();
    await page.locator(".picture").dblclick({ position: { x: 10, y: 140 } });
    await page.getByRole("button", { name: "Full screen", exact: true }).waitFor();
  });
});

describe.skipIf(isBrowserMissing)("the link of a share", () => {
  it("leads to the picture in full colour resolution, with its latency", async () => {
    const share = startSightline("share", ["test", "--no-announce", "--name", "Pattern"]);
    const { urls } = await share.event("link");
    const page = await browser.newPage();
    await page.goto(urls.at(-1)!);
    await untilLive(page, "Pattern");
    await page.keyboard.press("i");
    const figures = page.getByRole("region", { name: "Figures" });
    await figures.getByText("H.264 4:4:4").waitFor();
    await figures
      .getByRole("definition")
      .filter({ hasText: /^\d+ ms/ })
      .waitFor();
    await share.interrupt();
    await page.getByRole("heading", { name: "The sender does not answer." }).waitFor();
  });

  it("leads to the next share on that port too, unless that draws a new one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sightline-state-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const start = (...args: string[]) =>
      startSightline("share", ["test", "--no-announce", "--name", "Pattern", ...args], {
        env: { XDG_STATE_HOME: folder },
      });
    // Not the default port: another test's share would take it while this one's is away.
    const port = await freePort();
    const first = start("--port", String(port));
    const { urls } = await first.event("link");
    const page = await browser.newPage();
    await page.goto(urls.at(-1)!);
    await untilLive(page, "Pattern");
    first.program.kill("SIGKILL");
    await page.getByRole("heading", { name: "The sender does not answer." }).waitFor();

    const second = start("--port", String(port));
    await untilLive(page, "Pattern");
    expect((await second.event("link")).urls).toEqual(urls);
    await second.interrupt();
    start("--port", String(port), "--new-link");
    await page.getByRole("heading", { name: "This link is not valid any more." }).waitFor();
  });
});

/** A server with one stream of one colour. */
async function share(options: Partial<ServerOptions> = {}, paint: Paint = RED) {
  const video = new PaintedVideo({ ...SIZE, ...paint });
  onTestFinished(() => video.close());
  const { server, host } = await startTestServer({ pageFolder: PAGE_FOLDER, strictPort: true, ...options });
  host.answer = (_streamId, offerSdp) => video.answer(offerSdp);
  const end = async () => {
    video.close();
    await server.close();
  };
  return { server, host, end, link: `http://localhost:${server.port}/?token=${TOKEN}` };
}

/** Waits until a stream's newest picture is on the page. */
async function untilLive(page: Page, name = SCREEN.name): Promise<void> {
  await page
    .locator(
      `section[aria-label="Stream ${name}"][data-live="true"], section[aria-label="画面 ${name}"][data-live="true"]`,
    )
    .waitFor();
}

function framesShown(page: Page): Promise<number> {
  return page.locator("video").evaluate((video: Video) => video.getVideoPlaybackQuality().totalVideoFrames);
}

/** Which colour the picture on the page mostly has. */
async function shownColor(page: Page): Promise<string> {
  const { dominant } = await sharp(await page.locator("video").screenshot()).stats();
  return dominant.r > dominant.g ? "red" : "green";
}
