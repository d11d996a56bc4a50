import { SightlineError } from "../../core/index.js";
import type { ServerContext } from "../server-env.js";
import type { AccessControl } from "./access-control.js";
import { createPin, createToken, equalSecrets } from "./secret.js";
import type { SessionCookie } from "./session-cookie.js";

/** Lets in whoever typed the PIN: a right one is exchanged for a cookie that holds until this share ends. */
export class PinAccess implements AccessControl {
  readonly kind = "pin";
  /** Not registered: it tells our own programs to ask for a PIN, and browsers nothing. */
  readonly challenge = "Pin";
  readonly pin: string;
  private readonly session = createToken();
  private readonly cookie: SessionCookie;

  /**
   * @param pin - drawn when absent
   * @param cookie - remembers in a browser that the PIN was right
   * @throws SightlineError `invalid-argument` unless the PIN has six digits
   */
  constructor(pin: string | undefined, cookie: SessionCookie) {
    this.pin = pin ?? createPin();
    if (!/^\d{6}$/.test(this.pin)) throw new SightlineError("invalid-argument", "a PIN has six digits");
    this.cookie = cookie;
  }

  admits(c: ServerContext): boolean {
    const presented = this.cookie.read(c);
    return presented !== undefined && equalSecrets(presented, this.session);
  }

  /** Whether a typed PIN is the right one. Ask only as often as `PinAttempts` allows. */
  isRight(typed: string): boolean {
    return equalSecrets(typed, this.pin);
  }

  /** Lets this client in from now on. */
  grant(c: ServerContext): void {
    this.cookie.write(c, this.session);
  }
}
