import { SightlineError } from "../../core/index.js";
import type { ServerContext } from "../server-env.js";
import type { AccessControl } from "./access-control.js";
import { createToken, equalSecrets } from "./secret.js";
import type { SessionCookie } from "./session-cookie.js";

/** As long as our own: shorter ones could be guessed. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{22,128}$/;

/** Lets in whoever has the token: in the link, as a bearer token (RFC 6750), or in the cookie that the link leaves behind. */
export class TokenAccess implements AccessControl {
  readonly kind = "token";
  readonly challenge = "Bearer";
  readonly token: string;
  private readonly cookie: SessionCookie;

  /**
   * @param token - made when absent
   * @param cookie - remembers the token in a browser
   * @throws SightlineError `invalid-argument` for a token that is too short or does not fit into a link as it is
   */
  constructor(token: string | undefined, cookie: SessionCookie) {
    this.token = token ?? createToken();
    if (!TOKEN_FORM.test(this.token)) {
      throw new SightlineError(
        "invalid-argument",
        "a token has 22 to 128 of the characters A-Z a-z 0-9 _ -: leave it out to have one made",
      );
    }
    this.cookie = cookie;
  }

  admits(c: ServerContext): boolean {
    if (this.isInLink(c)) {
      if (c.req.path === "/") this.cookie.write(c, this.token);
      return true;
    }
    const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
    return this.matches(bearer) || this.matches(this.cookie.read(c));
  }

  /** Whether the request's own URL carries the token. */
  isInLink(c: ServerContext): boolean {
    return this.matches(c.req.query("token"));
  }

  private matches(presented: string | undefined): boolean {
    return presented !== undefined && equalSecrets(presented, this.token);
  }
}
