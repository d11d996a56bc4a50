import { SightlineError } from "../../core/index.js";

/** A part of the desktop, in pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a person asked to share, parsed. */
export type SourceSpec =
  /** A whole screen (`index` counts monitors from 0; absent: the whole desktop) or a region of the desktop. */
  | { readonly kind: "screen"; readonly index?: number; readonly region?: Region }
  /** The first window whose title contains `title`, whatever the case. */
  | { readonly kind: "window"; readonly title: string }
  /** A camera by its name, path or index; absent: the first one. */
  | { readonly kind: "camera"; readonly name?: string }
  /** A file's path or a URL that FFmpeg can read. */
  | { readonly kind: "file"; readonly url: string }
  /** The moving test pattern. */
  | { readonly kind: "test" };

const REGION = /^(-?\d+),(-?\d+),(\d+)x(\d+)$/;

/**
 * Parses `screen`, `screen:N`, `screen:X,Y,WxH`, `window:TITLE`, `camera`, `camera:NAME`, `test`; anything else is a
 * file or URL. A file that is called like a keyword is reached as `./test`.
 *
 * @throws SightlineError `invalid-argument`
 */
export function parseSourceSpec(text: string): SourceSpec {
  if (text === "")
    throw new SightlineError("invalid-argument", "the source is empty; give screen, camera, test or a file");
  const colon = text.indexOf(":");
  const keyword = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? undefined : text.slice(colon + 1);
  switch (keyword) {
    case "screen":
      return parseScreen(rest);
    case "window":
      if (!rest) throw new SightlineError("invalid-argument", "say which window: window:TITLE, any part of its title");
      return { kind: "window", title: rest };
    case "camera":
      return rest ? { kind: "camera", name: rest } : { kind: "camera" };
    case "test":
      if (rest === undefined) return { kind: "test" };
      break;
  }
  return { kind: "file", url: text };
}

function parseScreen(rest: string | undefined): SourceSpec {
  if (!rest) return { kind: "screen" };
  if (/^\d+$/.test(rest)) return { kind: "screen", index: Number(rest) };
  const match = REGION.exec(rest);
  const [x, y, width, height] = (match?.slice(1) ?? []).map(Number);
  if (x === undefined || y === undefined || !width || !height) {
    throw new SightlineError(
      "invalid-argument",
      `"screen:${rest}" is no screen; use screen:0, screen:1, … or screen:X,Y,WIDTHxHEIGHT`,
    );
  }
  return { kind: "screen", region: { x, y, width, height } };
}
