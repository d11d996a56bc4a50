import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { SightlineError } from "../core/index.js";
import { reportFailure, throwIfFailed } from "./exit.js";

describe("reportFailure", () => {
  it("says an expected failure in one line", () => {
    const error = new SightlineError("not-found", "there is no camera:\n  plug one in\n");
    expect(reportFailure(error, { debug: false })).toEqual({
      text: "sightline: there is no camera: plug one in",
      exitCode: 1,
    });
  });

  it("tells a wrong command line by its exit code", () => {
    expect(reportFailure(new SightlineError("invalid-argument", "no"), { debug: false }).exitCode).toBe(2);
    expect(reportFailure(new CommanderError(1, "commander.unknownOption", "no"), { debug: false })).toEqual({
      text: "",
      exitCode: 2,
    });
  });

  it("takes help for a success", () => {
    expect(reportFailure(new CommanderError(0, "commander.helpDisplayed", ""), { debug: false }).exitCode).toBe(0);
  });

  it("says nothing of an end that the user asked for", () => {
    expect(reportFailure(AbortSignal.abort().reason, { debug: false })).toEqual({ text: "", exitCode: 0 });
  });

  it("hides the stack of the unforeseen until it is asked for", () => {
    const error = new TypeError("x is undefined");
    const { text, exitCode } = reportFailure(error, { debug: false });
    expect(text).toBe("sightline: something unforeseen went wrong: x is undefined (--debug shows where)");
    expect(exitCode).toBe(1);
    expect(reportFailure(error, { debug: true }).text).toContain("exit.test.ts");
  });

  it("shows causes with --debug", () => {
    const cause = new Error("ENODEV");
    const { text } = reportFailure(new SightlineError("source-lost", "the camera has gone", { cause }), {
      debug: true,
    });
    expect(text).toMatch(/^sightline: the camera has gone\n/);
    expect(text).toContain("caused by: Error: ENODEV");
  });

  it("copes with what is no error", () => {
    expect(reportFailure("boom", { debug: false }).text).toContain("boom");
  });
});

describe("throwIfFailed", () => {
  it("lets a good end pass and throws a bad one with its code", () => {
    expect(() => throwIfFailed({})).not.toThrow();
    const error = { code: "source-lost", message: "gone" } as const;
    expect(() => throwIfFailed({ error })).toThrow(new SightlineError("source-lost", "gone"));
  });
});
