import type { MiddlewareHandler } from "hono";

/**
 * What the page may load and do (CSP3): its own files, requests to where it came from, and pictures it made itself.
 * Nobody may frame it, so nobody can put something over it.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ["Content-Security-Policy", PAGE_POLICY],
  ["X-Content-Type-Options", "nosniff"],
  // The link's token stands in the page's address: it must not travel on with a click.
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cache-Control", "no-store"],
];

/** Gives every response the headers that keep browsers from doing what we never want; a route may set its own instead. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of HEADERS) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
};
