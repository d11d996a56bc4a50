export { type Announced, announce } from "./announce.js";
export { findOnNetwork } from "./find.js";
export { keepToken, keptToken } from "./kept-token.js";
export { ownLinks, publishOwnLink } from "./own-links.js";
