import { now } from "../clock/index.js";
import { elapsed, type Micros, seconds } from "../core/index.js";
import { type DatagramProtection, EncryptionWatch } from "../transport/index.js";

/** While something authentic comes, whatever else comes is no reason to bother anyone. */
const AUTHENTIC_FOR = seconds(2);

/** Why a stream is not shown: it needs a key, another key, or none. */
export type RefusalReason = "no-key" | "wrong-key" | "not-encrypted";

/** Lets in what a receiver may see: with a key what is authentic, without one what is not encrypted. */
export class EncryptionGuard {
  private readonly protection: DatagramProtection | undefined;
  private readonly onRefused: (remote: string, reason: RefusalReason) => void;
  private readonly watch = new EncryptionWatch();
  private lastAuthentic: Micros | undefined;
  /** The last address that was found to send what needs a key. */
  private encryptedRemote: string | undefined;

  /**
   * @param protection - the key; undefined: none
   * @param onRefused - told when it is sure that a stream cannot be let in
   */
  constructor(protection: DatagramProtection | undefined, onRefused: (remote: string, reason: RefusalReason) => void) {
    this.protection = protection;
    this.onRefused = onRefused;
  }

  /** The datagram as it was before it was encrypted; undefined if it is not let in. */
  admit(datagram: Uint8Array, remote: string): Uint8Array | undefined {
    return this.protection === undefined
      ? this.admitPlain(datagram, remote)
      : this.admitAuthentic(this.protection, datagram, remote);
  }

  private admitAuthentic(protection: DatagramProtection, datagram: Uint8Array, remote: string): Uint8Array | undefined {
    const opened = protection.unprotect(datagram, remote);
    if (opened !== undefined) {
      this.lastAuthentic = now();
      return opened;
    }
    const verdict = this.watch.observe(datagram, remote);
    const isIdle = this.lastAuthentic === undefined || elapsed(this.lastAuthentic, now()) > AUTHENTIC_FOR;
    if (verdict !== undefined && isIdle) this.onRefused(remote, verdict === "plain" ? "not-encrypted" : "wrong-key");
    return undefined;
  }

  private admitPlain(datagram: Uint8Array, remote: string): Uint8Array | undefined {
    const verdict = this.watch.observe(datagram, remote);
    if (verdict === "encrypted") {
      this.encryptedRemote = remote;
      this.onRefused(remote, "no-key");
    } else if (verdict === "plain" && remote === this.encryptedRemote) this.encryptedRemote = undefined;
    return remote === this.encryptedRemote ? undefined : datagram;
  }
}
