export * from "./degradation.js";
