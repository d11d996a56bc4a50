export { type Device, listDevices } from "./devices.js";
export { diagnose, type Finding } from "./diagnose.js";
export { type FoundLink, findShares } from "./find-shares.js";
export { share } from "./share.js";
export type * from "./share-types.js";
export { watch } from "./watch.js";
export type * from "./watch-types.js";
