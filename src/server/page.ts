import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { getMimeType } from "hono/utils/mime";

const compress = promisify(gzip);

/** Smaller ones fit into a packet anyway. */
const COMPRESSED_FROM_BYTES = 1_400;
/** What the build names after its content: it can be kept for good. */
const HASHED = /^\/assets\//;

/** One file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** The same compressed, where that helps. */
  readonly gzipped?: Buffer;
  /** Whether its name changes with its content. */
  readonly isImmutable: boolean;
}

/** The built page: read once, so that no request ever becomes a path on the disk. */
export class Page {
  private readonly files: ReadonlyMap<string, PageFile>;

  private constructor(files: ReadonlyMap<string, PageFile>) {
    this.files = files;
  }

  /** Reads the page; a folder that is not there makes a page without files. */
  static async load(folder: URL | string): Promise<Page> {
    const root = folder instanceof URL ? fileURLToPath(folder) : folder;
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const files = await Promise.all(
      paths.map(async (path) => {
        const urlPath = `/${relative(root, path).split(sep).join("/")}`;
        return [urlPath, await readPageFile(path, urlPath)] as const;
      }),
    );
    return new Page(new Map(files));
  }

  /** Whether there is a page at all. */
  get isBuilt(): boolean {
    return this.files.has("/index.html");
  }

  /**
   * The file that a request asks for, if there is such a one.
   *
   * @param path - of the URL, decoded
   */
  file(path: string): PageFile | undefined {
    return this.files.get(path === "/" ? "/index.html" : path);
  }
}

async function readPageFile(path: string, urlPath: string): Promise<PageFile> {
  const body = await readFile(path);
  const type = getMimeType(path) ?? "application/octet-stream";
  const file = { type, body, isImmutable: HASHED.test(urlPath) };
  const isText = /^text\/|json|svg|javascript/.test(type);
  return isText && body.length >= COMPRESSED_FROM_BYTES ? { ...file, gzipped: await compress(body) } : file;
}
