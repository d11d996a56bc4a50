/** What a stream shows. */
export type StreamKind = "screen" | "window" | "camera" | "file" | "test";

/** One stream that can be watched, as the server describes it. */
export interface StreamDescription {
  /** Names the stream in `/whep/ID`. */
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly kind: StreamKind;
  /** Size of the picture in pixels; 0 until it is known. */
  readonly width: number;
  readonly height: number;
}

const KINDS: readonly string[] = ["screen", "window", "camera", "file", "test"] satisfies StreamKind[];

/**
 * Reads the server's list of streams.
 *
 * @param json - an array of descriptions, or an object that has it as `streams`
 * @returns undefined if it is no such list; entries without an id are left out
 */
export function parseStreams(json: string): readonly StreamDescription[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const list = isRecord(value) ? value["streams"] : value;
  if (!Array.isArray(list)) return undefined;
  return list.filter(isRecord).flatMap((entry) => describe(entry) ?? []);
}

function describe(entry: Record<string, unknown>): StreamDescription | undefined {
  const { id, name, kind, width, height } = entry;
  if (typeof id !== "string" || id === "") return undefined;
  return {
    id,
    name: typeof name === "string" && name !== "" ? name : id,
    kind: typeof kind === "string" && KINDS.includes(kind) ? (kind as StreamKind) : "screen",
    width: typeof width === "number" ? width : 0,
    height: typeof height === "number" ? height : 0,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
