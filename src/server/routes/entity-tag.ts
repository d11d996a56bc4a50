/** What a request demands of the resource's state before anything is done to it. */
export type Precondition = "absent" | "any" | "matches" | "fails";

/**
 * Reads `If-Match` (RFC 9110 §13.1.1). Weak tags never match; `"*"` with quotes counts as `*`, because the draft's own example of an
 * ICE restart writes it so.
 */
export function ifMatch(header: string | undefined, etag: string): Precondition {
  if (header === undefined) return "absent";
  const tags = header.split(",").map((tag) => tag.trim());
  if (tags.includes("*") || tags.includes('"*"')) return "any";
  return tags.includes(quoted(etag)) ? "matches" : "fails";
}

/** An entity tag as it stands in a header (RFC 9110 §8.8.3). */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
