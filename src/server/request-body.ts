import type { ServerContext } from "./server-env.js";

/** A body as text, or why there is none. */
export type BodyText =
  | { readonly kind: "text"; readonly text: string }
  /** Longer than allowed. */
  | { readonly kind: "too-large" }
  /** Not UTF-8, or the client went away before its end. */
  | { readonly kind: "broken" };

/** Reads a body of at most `maxBytes`; what comes after them is never kept. */
export async function readText(c: ServerContext, { maxBytes }: { readonly maxBytes: number }): Promise<BodyText> {
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) return { kind: "too-large" };
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // Straight from the socket: a Request of the Fetch API would stay in memory until its finalizer has run.
    for await (const chunk of c.env.incoming.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBytes) return { kind: "too-large" };
      chunks.push(chunk);
    }
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)) };
  } catch {
    return { kind: "broken" };
  }
}

/** A `Content-Type` without its parameters, in lower case (RFC 9110 §8.3.1). */
export function mediaType(c: ServerContext): string {
  return (c.req.header("content-type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
}
