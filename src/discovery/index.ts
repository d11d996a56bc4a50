export { type Announced, announce } from "./announce.js";
export type { Announcement, FoundShare, ShareAccess } from "./announcement.js";
export { findOnNetwork } from "./find.js";
export { type OwnLink, ownLinks, publishOwnLink } from "./own-links.js";
