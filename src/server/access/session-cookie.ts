import { getCookie, setCookie } from "hono/cookie";
import type { ServerContext } from "../server-env.js";

/**
 * Carries the proof of access from page to page. Scripts cannot read it, other sites' requests do not bring it (RFC 6265bis
 * `SameSite`), and it ends with the browser. Cookies do not know ports (RFC 6265 §8.5): the name does, so that two shares of one
 * machine do not overwrite each other's.
 */
export class SessionCookie {
  private readonly name: string;
  private readonly secure: boolean;

  constructor({ port, secure }: { readonly port: number; readonly secure: boolean }) {
    this.name = `sightline-${port}`;
    this.secure = secure;
  }

  /** What the client brought. */
  read(c: ServerContext): string | undefined {
    return this.secure ? getCookie(c, this.name, "host") : getCookie(c, this.name);
  }

  /** Has the client bring `value` from now on. */
  write(c: ServerContext, value: string): void {
    const attributes = { httpOnly: true, sameSite: "Strict", path: "/" } as const;
    if (this.secure) setCookie(c, this.name, value, { ...attributes, secure: true, prefix: "host" });
    else setCookie(c, this.name, value, attributes);
  }
}
