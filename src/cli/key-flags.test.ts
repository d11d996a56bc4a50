import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { readKey } from "./key-flags.js";

function keyFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "sightline-key-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "key");
  writeFileSync(file, text);
  return file;
}

test("the key comes from the option, the file's first line or the environment", () => {
  vi.stubEnv("SIGHTLINE_KEY", "from the environment");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(readKey({ key: "given" })).toBe("given");
  expect(readKey({ keyFile: keyFile("from a file \r\nnot this\n") })).toBe("from a file ");
  expect(readKey({})).toBe("from the environment");
  vi.stubEnv("SIGHTLINE_KEY", "");
  expect(readKey({})).toBeUndefined();
});

test("two keys, an empty file and none are refused", () => {
  expect(() => readKey({ key: "a", keyFile: "b" })).toThrowError(/use one of them/);
  expect(() => readKey({ keyFile: keyFile("\n") })).toThrowError(/first line/);
  expect(() => readKey({ keyFile: "/nowhere/key" })).toThrowError(/cannot read the key file/);
});
