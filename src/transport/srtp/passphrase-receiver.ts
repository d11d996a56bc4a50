import { MKI_BYTES, type PassphraseKey } from "./passphrase.js";
import type { DatagramProtection } from "./protection.js";
import { RecentMap } from "./recent-map.js";
import { SrtcpIndices, SrtpSession } from "./srtp-session.js";

/** Shares whose keys are kept, and as many whose packets may turn out to be authentic: late joiners need several to know. */
const MAX_SHARES = 8;
/** Addresses of which it is remembered which share they belong to. */
const MAX_REMOTES = 32;

/** The receiving end of whatever shares use a passphrase: finds the master key of each by the identifier in its packets. */
export class PassphraseReceiver implements DatagramProtection {
  private readonly key: PassphraseKey;
  private readonly indices = new SrtcpIndices();
  private readonly proven = new RecentMap<string, SrtpSession>(MAX_SHARES);
  private readonly unproven = new RecentMap<string, SrtpSession>(MAX_SHARES);
  private readonly byRemote = new RecentMap<string, SrtpSession>(MAX_REMOTES);
  private readonly fixed: SrtpSession;

  constructor(key: PassphraseKey) {
    this.key = key;
    this.fixed = new SrtpSession(key.fixedMasterKey(), this.indices);
  }

  /** {@inheritDoc DatagramProtection.protect} */
  protect(datagram: Uint8Array, remote: string): Uint8Array | undefined {
    return this.byRemote.get(remote)?.protect(datagram);
  }

  /** {@inheritDoc DatagramProtection.unprotect} */
  unprotect(datagram: Uint8Array, remote: string): Uint8Array | undefined {
    const usual = this.byRemote.get(remote);
    const opened = usual?.unprotect(datagram);
    if (opened !== undefined) return opened;
    return this.unprotectNamed(datagram, remote, usual) ?? this.unprotectFixed(datagram, remote, usual);
  }

  private unprotectNamed(datagram: Uint8Array, remote: string, tried?: SrtpSession): Uint8Array | undefined {
    if (datagram.length <= MKI_BYTES) return undefined;
    const mki = Buffer.from(datagram.subarray(-MKI_BYTES));
    const name = mki.toString("latin1");
    const known = this.proven.get(name) ?? this.unproven.get(name);
    if (known !== undefined && known === tried) return undefined;
    const session = known ?? new SrtpSession(this.key.masterKeyOf(mki), this.indices);
    const opened = session.unprotect(datagram);
    if (opened !== undefined) {
      this.proven.set(name, session);
      this.byRemote.set(remote, session);
    } else if (known === undefined) {
      this.unproven.set(name, session);
    }
    return opened;
  }

  private unprotectFixed(datagram: Uint8Array, remote: string, tried?: SrtpSession): Uint8Array | undefined {
    if (tried === this.fixed) return undefined;
    const opened = this.fixed.unprotect(datagram);
    if (opened !== undefined) this.byRemote.set(remote, this.fixed);
    return opened;
  }
}
