export { describeMasterKey, masterKeyOf } from "./described-key.js";
export { EncryptionWatch } from "./encryption-watch.js";
export { PassphraseKey } from "./passphrase.js";
export { PassphraseReceiver } from "./passphrase-receiver.js";
export { type DatagramProtection, UNPROTECTED } from "./protection.js";
export { SrtpSession } from "./srtp-session.js";
export type { SrtpMasterKey } from "./suites.js";
