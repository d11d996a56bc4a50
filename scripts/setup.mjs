// What a working tree needs before anything in it can run: the npm dependencies and the compiled sources.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top folder of the working tree, with a trailing separator. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** When the program and the page were last built, and what they are built from. */
const PROGRAM = { stamp: join(root, "dist", ".build", "built"), inputs: ["tsconfig.base.json", "src"] };
const PAGE = { stamp: join(root, "dist", ".build", "page"), inputs: ["tsconfig.base.json", "src/core", "web"] };
const LOCK_FILE = join(root, ".setup-lock");
const LOCK_POLL_MS = 200;

/** A failure whose message is all that a person needs to see. */
export class SetupError extends Error {}

/** Installs what is missing and compiles what is out of date. Costs a few milliseconds when there is nothing to do. */
export function prepareToRun() {
  if (dependenciesAreCurrent() && isCurrent(PROGRAM) && isCurrent(PAGE)) return;
  withSetupLock(() => {
    if (!dependenciesAreCurrent()) installDependencies();
    if (!isCurrent(PROGRAM)) buildProgram();
    if (!isCurrent(PAGE)) buildPage();
  });
}

/** Bundles the viewer page if it is out of date; needs the dependencies. */
export function preparePage() {
  if (isCurrent(PAGE)) return;
  withSetupLock(() => {
    if (!isCurrent(PAGE)) buildPage();
  });
}

/** Installs the npm dependencies if they are missing or older than the lock file. */
export function prepareDependencies() {
  if (dependenciesAreCurrent()) return;
  withSetupLock(() => {
    if (!dependenciesAreCurrent()) installDependencies();
  });
}

/** The path of a command that an installed package brings, to be run by `process.execPath`. */
export function packageBinary(packageName, command) {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, bin[command]);
}

/** Says on stderr what is going on, for steps that take longer than a person waits without wondering. */
export function progress(text) {
  process.stderr.write(`sightline: ${text}\n`);
}

function dependenciesAreCurrent() {
  return modifiedMs(join(root, "node_modules", ".package-lock.json")) >= modifiedMs(join(root, "package-lock.json"));
}

function installDependencies() {
  progress("installing dependencies, about 200 MB (only when they change) …");
  // The native packages bring their binaries as optional packages: their install scripts would only download more.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const { status, error } = spawnSync(command, [...prefix, ...args], {
    cwd: root,
    shell: process.platform === "win32" && command === "npm",
    stdio: ["ignore", 2, 2],
  });
  if (error) throw new SetupError(`npm could not be started (${error.message}): install npm and run this again`);
  if (status !== 0)
    throw new SetupError("npm ci failed, see above: mend that (a network connection?) and run this again");
}

function isCurrent({ stamp, inputs }) {
  const builtMs = modifiedMs(stamp);
  return builtMs > 0 && !inputs.some((input) => isNewer(join(root, input), builtMs));
}

/** Whether a source, or a folder or any source below it, changed after `sinceMs`. A folder changes when a file in it comes or goes. */
function isNewer(path, sinceMs) {
  const stats = statSync(path);
  if (stats.mtimeMs > sinceMs) return !path.endsWith(".test.ts");
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), sinceMs));
}

function buildProgram() {
  progress("building …");
  build(PROGRAM, packageBinary("typescript", "tsc"), "-b", "src/cli");
}

function buildPage() {
  progress("building the viewer page …");
  build(PAGE, packageBinary("vite", "vite"), "build", "web", "--logLevel", "warn");
}

function build({ stamp }, ...args) {
  const started = new Date();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new SetupError("the build failed, see above");
  writeFileSync(stamp, "");
  utimesSync(stamp, started, started); // what is saved while the compiler runs counts as newer
}

/** Runs `work` while no other process of this working tree is in its set-up: `share` and `watch` may start together. */
function withSetupLock(work) {
  if (!takeLock()) {
    progress("waiting for the set-up that another process does …");
    while (!takeLock()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
  try {
    mkdirSync(join(root, "dist", ".build"), { recursive: true });
    work();
  } finally {
    rmSync(LOCK_FILE, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(LOCK_FILE, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw new SetupError(`the working tree cannot be written: ${error.message}`);
    if (!holderIsAlive()) rmSync(LOCK_FILE, { force: true });
    return false;
  }
}

function holderIsAlive() {
  try {
    process.kill(Number(readFileSync(LOCK_FILE, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM" || error.code === "ENOENT"; // another user's; or just released: try again
  }
}

function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
