export { parseSessionDescription } from "./parse.js";
export * from "./session-description.js";
export { writeSessionDescription } from "./write.js";
