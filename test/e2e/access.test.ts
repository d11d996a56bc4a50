import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { isBrowserMissing, useBrowser } from "../support/browser.js";
import { temporaryFolder } from "../support/picture-files.js";
import { startTestServer, TOKEN } from "../support/test-server.js";

const browser = useBrowser();

describe.skipIf(isBrowserMissing)("a browser", () => {
  it("is let in by the PIN, and stays in", async () => {
    const { server } = await startTestServer({ access: { kind: "pin", pin: "042137" }, pageFolder: smallPage() });
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`http://localhost:${server.port}/`);
    expect(await page.evaluate("getComputedStyle(document.body).display")).toBe("grid");
    await page.getByRole("textbox").fill("111111");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText("That PIN is not right.").waitFor();
    await page.getByRole("textbox").fill("042137");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText("the script runs").waitFor();
    await page.reload();
    await page.getByText("the script runs").waitFor();
    expect(page.url()).toBe(`http://localhost:${server.port}/`);
    expect(complaints.filter((text) => !/status of 40[13]/.test(text))).toEqual([]);
  });

  it("that opened the link loads the page's files by its cookie", async () => {
    const { server } = await startTestServer({ pageFolder: smallPage() });
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`http://localhost:${server.port}/?token=${TOKEN}`);
    await page.getByText("the script runs").waitFor();
    expect(complaints).toEqual([]);
  });

  it("does nothing here for a stranger's page, though it has the cookie", async () => {
    const { server, host, send } = await startTestServer({ pageFolder: smallPage() });
    const context = await browser.newContext();
    const page = await context.newPage();
    const here = `http://localhost:${server.port}`;
    await page.goto(`${here}/?token=${TOKEN}`);
    await page.getByText("the script runs").waitFor();

    // Another port is another origin, but the same site: the browser does send the cookie along.
    const stranger = await context.newPage();
    await stranger.goto(await strangersPage());
    const attempts = [
      `fetch("${here}/api/streams", { credentials: "include" }).then(r => r.text())`,
      `fetch("${here}/whep/screen", { method: "POST", credentials: "include", headers: { "Content-Type": "application/sdp" }, body: "v=0" })`,
      `fetch("${here}/whep/screen", { method: "POST", mode: "no-cors", credentials: "include", body: "v=0" })`,
      `new Promise((loaded, failed) => document.body.append(Object.assign(document.createElement("script"),
        { src: "${here}/assets/page.js", onload: loaded, onerror: () => failed(new Error("blocked")) })))`,
    ];
    for (const attempt of attempts) await expect(stranger.evaluate(attempt)).rejects.toThrow(/Failed to fetch|blocked/);
    await stranger.setContent(`<iframe src="${here}/"></iframe>`);
    await stranger.frameLocator("iframe").getByText("refused to connect").first().waitFor({ state: "attached" });

    expect(host.sessions).toEqual([]);
    const metrics = await send({ path: "/metrics", headers: { Authorization: `Bearer ${TOKEN}` } });
    expect(metrics.body).toMatch(/http_refusals_total\{reason="origin"\} [1-9]/);
  });
});

/** A page whose script shows that it runs. */
function smallPage(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "assets"));
  const icon = '<link rel="icon" href="data:,">'; // else one is asked for
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html>${icon}<p></p><script type="module" src="/assets/page.js"></script>`,
  );
  writeFileSync(join(folder, "assets", "page.js"), 'document.querySelector("p").textContent = "the script runs";');
  return folder;
}

/** A page on another port of this machine. */
async function strangersPage(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html").end("<!doctype html><p>stranger</p>");
  }).listen(0);
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  await once(server, "listening");
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

/** What the browser's console complains of: policies that something breaks among it. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return complaints;
}
