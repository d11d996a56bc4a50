export { type Encryption, EncryptionWatch } from "./encryption-watch.js";
export { PassphraseKey } from "./passphrase.js";
export { PassphraseReceiver } from "./passphrase-receiver.js";
export type { DatagramProtection } from "./protection.js";
export { SrtpSession } from "./srtp-session.js";
export { KEY_BYTES, SALT_BYTES, SRTP_SUITES, type SrtpMasterKey, type SrtpSuite } from "./suites.js";
