import { describe, expect, it } from "vitest";
import { commandToType } from "./invocation.js";

describe("commandToType", () => {
  it("is the installed command outside a working tree", () => {
    expect(commandToType(["watch", ":5004"], {})).toBe("sightline watch :5004");
    expect(commandToType(["watch"], { npm_package_name: "other", npm_lifecycle_event: "start" })).toBe(
      "sightline watch",
    );
  });

  it("is an npm script in a working tree", () => {
    const environment = { npm_package_name: "sightline", npm_lifecycle_event: "start" };
    expect(commandToType(["watch", ":5004"], environment)).toBe("npm run watch -- :5004");
    expect(commandToType(["watch"], environment)).toBe("npm run watch");
    expect(commandToType(["doctor"], environment)).toBe("npm run sightline -- doctor");
  });
});
