import { expect, test } from "vitest";
import { LinkHost } from "./link-host.js";

test("who comes before the UDP port is open is asked to come again", async () => {
  const host = new LinkHost({
    streams: [],
    bitrateBps: 1e6,
    onEvent: () => {},
    statistics: () => {
      throw new Error("nobody asks");
    },
  });
  await expect(host.openViewer("screen", "v=0", { remote: "192.0.2.1" })).rejects.toMatchObject({
    code: "unavailable",
  });
});
