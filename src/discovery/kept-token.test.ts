import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepToken, keptToken } from "./kept-token.js";

const TOKEN = "KUYK2G4U4O5wSNdQhc4NWg";
const MINUTE_MS = 60_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sightline-tokens-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, "sightline", "tokens", "8080");
const ranAgo = (ms: number) => {
  const then = new Date(Date.now() - ms);
  utimesSync(file(), then, then);
};

test.skipIf(process.platform !== "linux")("a port's token is kept for an hour, for this user alone", () => {
  expect(keptToken(8_080)).toBeUndefined();
  const release = keepToken(8_080, TOKEN);
  expect(keptToken(8_080)).toBe(TOKEN);
  expect(keptToken(8_081)).toBeUndefined();
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "sightline", "tokens")).mode & 0o777).toBe(0o700);
  ranAgo(59 * MINUTE_MS);
  expect(keptToken(8_080)).toBe(TOKEN);
  ranAgo(61 * MINUTE_MS);
  expect(keptToken(8_080)).toBeUndefined();
  release();
  expect(keptToken(8_080)).toBe(TOKEN);
});

test.skipIf(process.platform !== "linux")("the hour begins when the share last ran, even if it is killed", () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  keepToken(8_080, TOKEN);
  ranAgo(61 * MINUTE_MS);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(keptToken(8_080)).toBe(TOKEN);
});

test.skipIf(process.platform !== "linux")("what cannot be a token is none", () => {
  keepToken(8_080, TOKEN)();
  writeFileSync(file(), "guess");
  expect(keptToken(8_080)).toBeUndefined();
  vi.stubEnv("XDG_STATE_HOME", "/dev/null");
  keepToken(8_080, TOKEN)();
  expect(keptToken(8_080)).toBeUndefined();
});
