import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

function sightline(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("the built command line", () => {
  it.each([[[]], [["--help"]], [["share", "--help"]], [["watch", "-h"]], [["devices", "-h"]], [["doctor", "-h"]]])(
    "teaches by examples: %j",
    (args) => {
      const { status, stdout, stderr } = sightline(...args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: sightline/);
      expect(stdout).toMatch(/\nExamples:\n {2}sightline /);
    },
  );

  it("prints its version", () => {
    expect(sightline("--version")).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
  });

  it.each([
    [["share", "--fsp", "30"], /unknown option '--fsp' \(Did you mean --fps\?\)/],
    [["shear"], /unknown command 'shear' \(Did you mean share\?\)/],
    [["share", "--size", "12"], /"12" is not a size: write it like 1280x720/],
    [["share", "--bitrate", "fast"], /"fast" is not a bitrate/],
    [["share", "--fps", "0"], /"0" is not a frame rate/],
    [["share", "--codec", "av2"], /Allowed choices are h264, mjpeg/],
    [["share", "screen", "camera", "--to", "127.0.0.1:5004"], /--to takes one source/],
    [["share", "--tls-cert", "chain.pem"], /give both --tls-cert and --tls-key/],
    [["share", "--open", "--pin"], /option '--pin \[CODE\]' cannot be used with option '--open'/],
  ])("refuses %j in one line and with exit code 2", (args, message) => {
    const { status, stdout, stderr } = sightline(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^sightline: .*\n$/);
  });
});
