export * from "./address.js";
export * from "./clock.js";
export * from "./driver.js";
export * from "./udp.js";
