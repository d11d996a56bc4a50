import { expect, test } from "vitest";
import { initialEncodings, sharePlan, streamIds } from "./share-plan.js";

test.each([
  [{}, "a link", ["main-420"]],
  [{ to: [":5004"] }, "no link", ["main-420"]],
  [{ to: [":5004"], link: true }, "a link", ["main-420"]],
  [{ to: ["jpeg://:5005"] }, "no link", ["jpeg-datagram"]],
  [{ to: ["jpeg://:5005", ":5004"], codec: "mjpeg" }, "no link", ["jpeg", "jpeg-datagram"]],
] as const)("%j opens %s and encodes %j", (options, link, encodings) => {
  const plan = sharePlan(options);
  expect(plan.link === undefined ? "no link" : "a link").toBe(link);
  expect(initialEncodings(plan)).toEqual(encodings);
});

test.each([
  [{ source: ["screen", "camera"], to: [":5004"] }, /--to takes one source/],
  [{ codec: "mjpeg" }, /a link needs H.264/],
  [{ sdpFile: "a.sdp" }, /add --to HOST:PORT/],
] as const)("%j is refused", (options, message) => {
  expect(() => sharePlan(options)).toThrow(message);
});

test("streams are named so that a URL can carry it, and never alike", () => {
  expect(streamIds(["screen", "screen:1", "window:Notes & Ideas", "/home/me/talk.mp4", "rtsp://cam/live?a=b"])).toEqual(
    ["screen", "screen-1", "window-Notes-Ideas", "talk.mp4", "live"],
  );
  expect(streamIds(["test", "test", "..", "…"])).toEqual(["test", "test-2", "stream", "stream-2"]);
});
