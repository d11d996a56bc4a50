import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("check-docs.mjs", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-docs-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function check(source: string) {
  writeFileSync(join(folder, "a.ts"), source);
  writeFileSync(join(folder, "a.test.ts"), "export const x = 1;");
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, "."], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  return { status, lines: stdout.trim().split("\n") };
}

describe("check-docs", () => {
  it("names every kind of export without a doc comment, with its place", () => {
    const source = [
      "export const a = 1;",
      "export function b() {}",
      "export interface C {}",
      "export type D = 1;",
      "export class E {}",
      "function f() {}",
      "export { f };",
    ];
    expect(check(source.join("\n"))).toEqual({
      status: 1,
      lines: ["1 a", "2 b", "3 C", "4 D", "5 E", "6 f"].map((place) => {
        const [line, name] = place.split(" ");
        return `a.ts:${line} ${name} has no doc comment`;
      }),
    });
  });

  it("wants a doc comment on public methods, and takes one that is inherited", () => {
    const source = [
      "/** Something that moves. */ export interface Mover {",
      "  /** Moves it. */",
      "  move(): void;",
      "}",
      "/** A thing. */ export class Thing implements Mover {",
      "  move() {}",
      "  stop() {}",
      "  private rest() {}",
      "  #wait() {}",
      "}",
    ];
    expect(check(source.join("\n"))).toEqual({ status: 1, lines: ["a.ts:7 stop has no doc comment"] });
  });

  it("wants a sentence, not a word", () => {
    expect(check("/** Constant. */ export const a = 1;").status).toBe(1);
  });

  it("is content with what is documented or not exported", () => {
    expect(check("/** The first number. */ export const a = 1; function hidden() {} hidden();").status).toBe(0);
  });
});
