export { type Announced, announce } from "./announce.js";
export { findOnNetwork } from "./find.js";
export { ownLinks, publishOwnLink } from "./own-links.js";
