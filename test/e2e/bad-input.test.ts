import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.js";
import { temporaryFolder } from "../support/picture-files.js";
import { startPrivateNetwork } from "../support/private-network.js";
import { type SightlineOptions, startSightline } from "../support/sightline.js";
import { requireProgram } from "../support/x-display.js";

const isNamespaceMissing = ["unshare", "nsenter", "ip"].some((name) => requireProgram(name).isMissing);

/** Nothing listens there, and no name service knows it (RFC 6761 §6.4). */
const UNKNOWN_HOST = "nowhere.invalid:5004";

/** Expects a command to end by itself with an exit code and one line that says why. */
async function expectRefusal(
  command: "share" | "watch",
  args: readonly string[],
  { code, says, ...options }: { code: 1 | 2; says: RegExp } & SightlineOptions,
): Promise<void> {
  const { stderr, ...end } = await startSightline(command, args, options).end();
  expect(stderr).toMatch(/^sightline: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(end).toEqual({ code, signal: null });
}

function fileWith(name: string, content: string): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

describe("share refuses in one line", () => {
  it.each([
    ["a host that has no address", ["test", "--to", UNKNOWN_HOST], 1, /nowhere\.invalid.*could not be found/],
    ["an address without a port", ["test", "--to", "192.168.1.20"], 2, /HOST:PORT/],
    ["a port that there is not", ["test", "--to", "127.0.0.1:70000"], 2, /HOST:PORT/],
    ["another protocol", ["test", "--to", "tcp://127.0.0.1:5004"], 2, /jpeg:\/\//],
    ["an interface that there is not", ["test", "--to", "239.1.2.3:5004", "--interface", "none0"], 1, /none0/],
    ["a file that there is not", ["missing.mp4"], 1, /missing\.mp4/],
    ["a camera that there is not", ["camera:/dev/video99"], 1, /video99/],
    ["a display that there is not", ["screen"], 1, /display/i],
    ["an encoder that there is not", ["test", "--encoder", "h264_none"], 1, /h264_none/],
    ["a description of what is no RTP", ["test", "--to", "jpeg://127.0.0.1:5004", "--sdp", "x.sdp"], 2, /--sdp/],
  ] as const)("%s", async (_, args, code, says) => {
    await expectRefusal("share", args, { code, says });
  });

  it.skipIf(isNamespaceMissing)("an address that no network leads to", async () => {
    const { within } = await startPrivateNetwork();
    await expectRefusal("share", ["test", "--to", "192.0.2.9:5004"], {
      code: 1,
      says: /no way to 192\.0\.2\.9/,
      within,
    });
  });

  it("a file that is no video", async () => {
    await expectRefusal("share", [fileWith("notes.mp4", "words, not pictures\n")], { code: 1, says: /notes\.mp4/ });
  });

  it("a description where none can be written", async () => {
    const args = ["test", "--to", `127.0.0.1:${await freePort()}`, "--sdp", "/nonexistent/test.sdp"];
    await expectRefusal("share", args, { code: 2, says: /\/nonexistent\/test\.sdp/ });
  });

  it("a Wayland desktop, which lets no program see the screen by itself", async () => {
    const env = { WAYLAND_DISPLAY: "wayland-0", XDG_SESSION_TYPE: "wayland" };
    await expectRefusal("share", ["screen"], { code: 1, says: /Wayland/, env });
  });

  it("a screen whose X server is gone", async () => {
    await expectRefusal("share", ["screen"], { code: 1, says: /:9999/, env: { DISPLAY: ":9999" } });
  });
});

describe("watch refuses in one line", () => {
  it("a port that is taken", async () => {
    const taken = createSocket("udp6").bind(0);
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const { port } = taken.address();
    await expectRefusal("watch", [`:${port}`, "--no-window", "--frames", "/dev/null"], { code: 1, says: /in use/ });
  });

  it.each([
    ["a file that there is not", ["missing.sdp"], 1, /missing\.sdp/],
    ["a host that has no address", [UNKNOWN_HOST, "--no-window", "--frames", "/dev/null"], 1, /could not be found/],
    ["what is no target", ["everything"], 2, /everything/],
    ["another protocol", ["ftp://127.0.0.1:5004"], 2, /ftp:/],
    ["a link that nobody serves", ["http://127.0.0.1:9/", "--no-window", "--frames", "/dev/null"], 1, /127\.0\.0\.1:9/],
    ["to record what it cannot", [":5004", "--no-window", "--record", "talk.gif"], 2, /\.mkv/],
    ["to show nothing at all", [":5004", "--no-window"], 2, /--no-window/],
    ["to show a window without a display", [":5004"], 1, /display/i],
  ] as const)("%s", async (_, args, code, says) => {
    await expectRefusal("watch", args, { code, says });
  });

  it.each([
    ["a torn description", "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=torn\r\nc=IN IP4 127.0.0.1\r\nm=vid"],
    [
      "a description without video",
      "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=radio\r\nt=0 0\r\nm=audio 5004 RTP/AVP 0\r\n",
    ],
    ["a description that is none", "words\n"],
    ["an empty description", ""],
  ])("%s", async (_, text) => {
    const args = [fileWith("test.sdp", text), "--no-window", "--frames", "/dev/null"];
    await expectRefusal("watch", args, { code: 1, says: /sdp|description|video/i });
  });

  it("a snapshot that cannot be written", async () => {
    const port = await freePort();
    startSightline("share", ["test", "--size", "160x120", "--to", `127.0.0.1:${port}`]);
    const args = [`:${port}`, "--no-window", "--snapshot", "/nonexistent/now.png"];
    await expectRefusal("watch", args, { code: 2, says: /\/nonexistent\/now\.png/ });
  });
});
