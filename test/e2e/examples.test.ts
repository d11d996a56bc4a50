import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { eventually } from "../support/eventually.js";
import { freePort } from "../support/free-port.js";
import { openLinkClient } from "../support/link-client.js";
import { temporaryFolder } from "../support/picture-files.js";
import { type Program, startProgram } from "../support/program.js";

/** Starts one of the built examples. */
function startExample(name: string, ...args: string[]): Program {
  const file = fileURLToPath(new URL(`../../dist/examples/${name}.js`, import.meta.url));
  return startProgram(process.execPath, [file, ...args]);
}

it("the examples work together", async () => {
  const port = await freePort();
  const share = startExample("share", "test", `127.0.0.1:${port}`);

  const file = join(temporaryFolder(), "now.png");
  await startExample("snapshot", `:${port}`, file).success();
  expect(existsSync(file)).toBe(true);

  const brightness = startExample("brightness", `:${port}`);
  await brightness.success();
  const lines = String(brightness.stdout).trim().split("\n");
  expect(lines).toHaveLength(100);
  for (const line of lines) expect(line).toMatch(/^\S+ 1280x720 (?:[1-9]|[1-9]\d)\.\d %$/);

  share.kill("SIGINT");
  await share.success();
  expect(share.stderr).toBe("");
});

it("a link is printed, and who opens it", async () => {
  const share = startExample("link", "test");
  const line = (pattern: RegExp) =>
    eventually({ look: () => pattern.exec(String(share.stdout))?.[0], until: (found) => found !== undefined });
  const url = await line(/http:\/\/localhost:\d+\/\?token=\S+/);
  await (await openLinkClient(url!)).more(1);
  await line(/^\S+ watches test$/m);
  share.kill("SIGINT");
  await share.success();
  expect(share.stderr).toBe("");
});
