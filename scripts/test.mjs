// `npm test`: set-up, every check and every test, each with its result line, and one line of totals at the end.
// `npm test -- PATTERN`: only the test files whose path matches. CI=true: what is missing to run a test is a failure.

import "./require-node.mjs";
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageBinary, prepareDependencies, preparePage, root } from "./setup.mjs";
import { installSystemPackages } from "./system-packages.mjs";

const patterns = process.argv.slice(2);
const isCi = !["", "0", "false"].includes(process.env.CI ?? "");
const total = { passed: 0, failed: 0, skipped: 0 };

await check("dependencies", () => prepareDependencies());
await check("system packages", () => {
  const missing = installSystemPackages();
  if (missing.length === 0) return;
  const text = `not installed, tests that need them are skipped\n${missing.join("\n")}`;
  if (isCi) throw new Error(text);
  return text;
});

const isWhole = patterns.length === 0;
const checks = [check("types and build", () => runNode(packageBinary("typescript", "tsc"), "-b"))];
if (isWhole) {
  checks.push(
    check("format and lint", () =>
      runNode(packageBinary("@biomejs/biome", "biome"), "check", "--error-on-warnings", "."),
    ),
    check("every export documented", () => runNode("scripts/check-docs.mjs")),
    check("no unused code", () => runNode(packageBinary("knip", "knip"), "--no-progress")),
  );
}
checks.push(check("viewer page", () => preparePage())); // last: it blocks this process, the others have started
await Promise.all(checks);
if (isWhole) await check("package contents", () => runNode(packageBinary("publint", "publint"), "--strict"));
runVitest();

process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs one check, which throws to fail and may return a reason for counting as skipped, and prints its line. */
async function check(name, run) {
  const startedMs = performance.now();
  let outcome = "passed";
  let details;
  try {
    details = await run();
    if (details) outcome = "skipped";
  } catch (error) {
    outcome = "failed";
    details = error.message;
  }
  total[outcome] += 1;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${outcome === "failed" ? "FAILED" : outcome} ${name} (${seconds} s)\n`);
  if (details) process.stdout.write(`${details.trim().replace(/^/gm, "  ")}\n`);
}

/** Runs a script with this Node; what it prints becomes the failure's message. */
function runNode(...args) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${stdout}${stderr}` || `ended by ${error.signal ?? `exit code ${error.code}`}`));
      else resolve();
    });
  });
}

function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), "sightline-test-"));
  const resultFile = join(folder, "result.json");
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const sound = join(folder, "pulse"); // PulseAudio's library, which browsers load, makes a folder for good on its first run
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${resultFile}`];
  const failedBefore = total.failed;
  try {
    const args = [packageBinary("vitest", "vitest"), "run", ...reporters, ...patterns];
    const env = { ...process.env, TMPDIR: temporary, PULSE_RUNTIME_PATH: sound };
    const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    countResults(JSON.parse(readFileSync(resultFile, "utf8")));
    const left = readdirSync(temporary);
    if (left.length > 0) throw new Error(`tests left behind in the temporary folder: ${left.join(", ")}`);
    if (status !== 0 && total.failed === failedBefore) throw new Error(`exit code ${status} though no test failed`);
  } catch (error) {
    process.stdout.write(`FAILED vitest: ${error.message}\n`);
    total.failed += 1;
  }
  rmSync(folder, { recursive: true, force: true });
}

function countResults({ testResults }) {
  for (const file of testResults) {
    if (file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed")) {
      total.failed += 1; // the file itself did not load, or a hook failed
    }
    for (const { status, fullName } of file.assertionResults) {
      if (status === "passed") total.passed += 1;
      else if (status === "failed") total.failed += 1;
      else {
        total.skipped += 1;
        process.stdout.write(`skipped ${fullName}\n`);
      }
    }
  }
}
