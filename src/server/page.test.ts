import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BEARER, startTestServer } from "../../test/support/test-server.js";
import { Page } from "./page.js";

const SCRIPT = `console.log("${"x".repeat(2_000)}")`;

describe("the page", () => {
  let parent: string;
  let folder: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), "sightline-page-"));
    folder = join(parent, "web");
    await mkdir(join(folder, "assets"), { recursive: true });
    await writeFile(join(folder, "index.html"), "<!doctype html><title>page</title>");
    await writeFile(join(folder, "assets", "page-1a2b.js"), SCRIPT);
    await writeFile(join(folder, "assets", "icon-3c4d.svg"), "<svg/>");
    await writeFile(join(parent, "secret.txt"), "secret");
  });
  afterAll(() => rm(parent, { recursive: true }));

  test("is served with the right types, and its hashed files are kept", async () => {
    const { send } = await startTestServer({ pageFolder: pathToFileURL(`${folder}/`) });
    const page = await send({ path: "/", headers: BEARER });
    expect([page.status, page.body]).toEqual([200, "<!doctype html><title>page</title>"]);
    expect(page.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    const script = await send({ path: "/assets/page-1a2b.js?v=1", headers: BEARER });
    expect([script.status, script.body]).toEqual([200, SCRIPT]);
    expect(script.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "private, max-age=31536000, immutable",
      vary: "Accept-Encoding",
    });
    expect((await send({ path: "/assets/icon-3c4d.svg", headers: BEARER })).headers["content-type"]).toBe(
      "image/svg+xml; charset=utf-8",
    );
    const head = await send({ method: "HEAD", path: "/assets/page-1a2b.js", headers: BEARER });
    expect([head.status, head.headers["content-length"], head.body]).toEqual([200, String(SCRIPT.length), ""]);
    const post = await send({ method: "POST", path: "/", headers: BEARER });
    expect([post.status, post.headers["allow"]]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  test("is compressed for who takes it", async () => {
    const file = (await Page.load(folder)).file("/assets/page-1a2b.js");
    expect(gunzipSync(file!.gzipped!).toString()).toBe(SCRIPT);
    const { send } = await startTestServer({ pageFolder: folder });
    const headers = { ...BEARER, "Accept-Encoding": "gzip, deflate" };
    const answer = await send({ path: "/assets/page-1a2b.js", headers });
    expect(answer.headers).toMatchObject({
      "content-encoding": "gzip",
      "content-length": String(file!.gzipped!.length),
    });
  });

  test("no path leads out of its folder", async () => {
    const { send } = await startTestServer({ pageFolder: folder });
    for (const path of [
      "/../secret.txt",
      "/assets/../../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/assets/..%5c..%5csecret.txt",
      "/assets/%252e%252e/%252e%252e/secret.txt",
      `/${join(parent, "secret.txt")}`,
      "/assets/",
      "/assets",
      "/__proto__",
      "/%00",
    ]) {
      const { status, body } = await send({ path, headers: BEARER });
      expect([path, status, body]).toEqual([path, 404, ""]);
    }
  });

  test("says so when it was not built", async () => {
    const { send } = await startTestServer({ pageFolder: join(parent, "none") });
    const page = await send({ path: "/", headers: BEARER });
    expect([page.status, page.body]).toEqual([503, expect.stringContaining("npm run build")]);
    expect((await send({ path: "/assets/page-1a2b.js", headers: BEARER })).status).toBe(404);
  });
});
