import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** For so long after a share last ran, one that starts on its port gets the same link: a restart or a reboot fits in. */
const KEPT_MS = 3_600_000;
/** How often a running share says that it runs, so that one that is killed counts from then. */
const TOUCH_INTERVAL_MS = 60_000;
/** What the server makes and accepts; anything else in the file is not ours. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{22,128}$/;

/**
 * The token of this user's last share on a port, if it ran within the last hour: open pages and links that were passed on work
 * again after a restart.
 *
 * @param port - TCP port
 */
export function keptToken(port: number): string | undefined {
  const file = tokenFile(port);
  try {
    if (Math.abs(Date.now() - statSync(file).mtimeMs) > KEPT_MS) return undefined;
    const token = readFileSync(file, "utf8");
    return TOKEN_FORM.test(token) ? token : undefined;
  } catch {
    return undefined; // there was none
  }
}

/**
 * Keeps a running share's token for {@link keptToken}, in a file that nobody else can read.
 *
 * @param port - TCP port
 * @returns to be called when the share ends: the hour begins then
 */
export function keepToken(port: number, token: string): () => void {
  const file = tokenFile(port);
  try {
    mkdirSync(tokensFolder(), { recursive: true, mode: 0o700 });
    writeFileSync(file, token, { mode: 0o600 });
  } catch {
    return () => {}; // a home that cannot be written: the next share has another link
  }
  const timer = setInterval(() => touch(file), TOUCH_INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
    touch(file);
  };
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Somebody removed it: then the link is not to be kept.
  }
}

function tokenFile(port: number): string {
  return join(tokensFolder(), String(port));
}

/** Where the system wants a program's state (XDG Base Directory, Apple, Windows): unlike the folder of running links it survives a reboot. */
function tokensFolder(): string {
  return join(stateFolder(), "sightline", "tokens");
}

function stateFolder(): string {
  if (process.platform === "win32") return process.env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support");
  return process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
}
