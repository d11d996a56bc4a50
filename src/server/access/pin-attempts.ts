import { type Micros, micros, millis, seconds } from "../../core/index.js";
import { clientNetwork } from "./client-network.js";
import { Lockout, type LockoutOptions } from "./lockout.js";

/** A person mistypes; a program tries thousands (OWASP Authentication Cheat Sheet, "Account lockout"). */
const PER_ADDRESS: LockoutOptions = { free: 4, first: seconds(5), longest: seconds(15 * 60) };
/** For many addresses together. In the long run 1,440 tries a day: one chance in 700 a day to hit a given one of 10^6 PINs. */
const OVERALL: LockoutOptions = { free: 20, first: millis(1_000), longest: seconds(60) };
/** Addresses remembered; the oldest is forgotten first, and the overall limit still holds. */
const ADDRESSES = 1_000;

/** Limits how often PINs are tried, by each address and by all together. */
export class PinAttempts {
  private readonly byAddress = new Map<string, Lockout>();
  private readonly overall = new Lockout(OVERALL);

  /** How long this address must wait before its next try: 0 if it may try now. */
  waitAt(now: Micros, address: string): Micros {
    const own = this.byAddress.get(clientNetwork(address))?.waitAt(now) ?? 0;
    return micros(Math.max(own, this.overall.waitAt(now)));
  }

  /** Counts a wrong PIN. */
  fail(now: Micros, address: string): void {
    this.overall.fail(now);
    this.lockoutOf(clientNetwork(address), now).fail(now);
  }

  /** A right PIN: nothing is held against this address any more. */
  succeed(address: string): void {
    this.byAddress.delete(clientNetwork(address));
  }

  private lockoutOf(key: string, now: Micros): Lockout {
    const known = this.byAddress.get(key);
    if (known) return known;
    for (const [oldest, lockout] of this.byAddress) {
      if (this.byAddress.size < ADDRESSES && !lockout.isClearAt(now)) break;
      this.byAddress.delete(oldest);
    }
    const created = new Lockout(PER_ADDRESS);
    this.byAddress.set(key, created);
    return created;
  }
}
