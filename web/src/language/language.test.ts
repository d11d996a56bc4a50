import { expect, test } from "vitest";
import { preferredLanguage } from "./language.js";

test("the first language that the page speaks, whatever its region", () => {
  expect(preferredLanguage(["zh-Hans-CN", "en"])).toBe("zh");
  expect(preferredLanguage(["fr-CA", "en-GB", "zh"])).toBe("en");
  expect(preferredLanguage(["fr"])).toBe("en");
});
