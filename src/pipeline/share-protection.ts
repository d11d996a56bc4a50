import { type DatagramProtection, PassphraseKey, type SrtpMasterKey, SrtpSession } from "../transport/index.js";

/** The encryption of one target of a share. */
export interface TargetKey {
  readonly master: SrtpMasterKey;
  readonly protection: DatagramProtection;
}

/**
 * Makes the keys of a share's targets.
 *
 * @param forOthers - players that take a session description watch too: they know neither AES-GCM nor key identifiers
 * @returns what gives the next target's key
 * @throws SightlineError `invalid-argument` for a passphrase that is too short
 */
export async function targetKeys(
  passphrase: string,
  { forOthers }: { readonly forOthers: boolean },
): Promise<() => TargetKey> {
  const key = await PassphraseKey.derive(passphrase);
  return () => {
    const master = forOthers ? key.fixedMasterKey() : key.newMasterKey();
    return { master, protection: new SrtpSession(master) };
  };
}
