import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ownLinks, publishOwnLink } from "./own-links.js";

const LINK = { url: "http://localhost:8080/?token=abc", streams: ["screen 0"] };
/** No process has it: above the highest that systems give. */
const NOBODY = 2 ** 30;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sightline-links-"));
  vi.stubEnv("XDG_RUNTIME_DIR", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a link is there for this user alone, until it is forgotten", () => {
  expect(ownLinks()).toEqual([]);
  const forget = publishOwnLink(LINK);
  expect(ownLinks()).toEqual([LINK]);
  const [file = ""] = readdirSync(join(folder, "sightline"));
  expect(statSync(join(folder, "sightline", file)).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "sightline")).mode & 0o777).toBe(0o700);
  forget();
  expect(ownLinks()).toEqual([]);
});

test("what a killed process left behind is swept away", () => {
  const links = join(folder, "sightline");
  mkdirSync(links);
  writeFileSync(join(links, `${NOBODY}-8080.json`), JSON.stringify(LINK));
  writeFileSync(join(links, `${process.pid}-8081.json`), "half a fi");
  expect(ownLinks()).toEqual([]);
  expect(readdirSync(links)).toEqual([`${process.pid}-8081.json`]);
});

test("where nothing can be written, nothing is published", () => {
  vi.stubEnv("XDG_RUNTIME_DIR", "/dev/null");
  publishOwnLink(LINK)();
  expect(ownLinks()).toEqual([]);
});
