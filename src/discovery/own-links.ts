import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** A link that this user shares by on this machine, so that `watch` needs to be told nothing. */
export interface OwnLink {
  /** The link with all that lets one in, as reached from this machine. */
  readonly url: string;
  /** The six digits that it asks for. */
  readonly pin?: string;
  /** What is shared by it. */
  readonly streams: readonly string[];
}

/**
 * Keeps a link for this user's other programs while this process lives: in a file that nobody else can read.
 *
 * @returns forgets it again
 */
export function publishOwnLink(link: OwnLink): () => void {
  const folder = linksFolder();
  const file = join(folder, `${process.pid}-${new URL(link.url).port || "80"}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(link), { mode: 0o600 });
  } catch {
    return () => {}; // a home that cannot be written; the link itself is enough
  }
  return () => rmSync(file, { force: true });
}

/** The links that this user's running shares have published. */
export function ownLinks(): OwnLink[] {
  const folder = linksFolder();
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  return files.flatMap((file) => {
    const path = join(folder, file);
    if (isAlive(Number.parseInt(file, 10))) return read(path);
    rmSync(path, { force: true }); // it was killed
    return [];
  });
}

function read(path: string): OwnLink[] {
  try {
    const { url, pin, streams } = JSON.parse(readFileSync(path, "utf8")) as OwnLink;
    return URL.canParse(url) && Array.isArray(streams) ? [{ url, streams, ...(pin !== undefined && { pin }) }] : [];
  } catch {
    return []; // it ended, or is still writing
  }
}

function linksFolder(): string {
  const runtime = process.env["XDG_RUNTIME_DIR"];
  if (runtime) return join(runtime, "sightline");
  if (process.platform === "linux") return join(homedir(), ".cache", "sightline", "links");
  return join(tmpdir(), `sightline-${userInfo().username}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
