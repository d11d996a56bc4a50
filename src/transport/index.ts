export * from "./address.js";
export * from "./driver.js";
export * from "./udp.js";
