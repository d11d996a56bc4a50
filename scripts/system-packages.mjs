// The programs of other makers that the tests measure Sightline against. Sightline itself needs none of them.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { progress } from "./setup.mjs";

/** Debian's names, by what the tests need them for. */
const PACKAGES = {
  "a display and its libraries": [
    "xvfb",
    "libx11-6",
    "libxext6",
    "libxdamage1",
    "libxfixes3",
    "libxrandr2",
    "libxcomposite1",
    "libsdl2-2.0-0",
    "x11-utils",
    "xdotool",
    "imagemagick",
  ],
  "other senders and viewers": [
    "ffmpeg",
    "gstreamer1.0-tools",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-ugly",
    "gstreamer1.0-libav",
    "gstreamer1.0-x",
    "gstreamer1.0-nice",
    "gir1.2-gst-plugins-bad-1.0",
    "python3-gi",
    "python3-opencv",
  ],
  "pages of text and reading them back": ["python3-pil", "fonts-dejavu-core", "tesseract-ocr", "opencv-doc"],
  "a browser": ["chromium"],
  "bad networks": ["iproute2"],
  "a machine with a camera": ["qemu-system-x86", "busybox-static", "cpio", "kmod", "v4l-utils"],
};

/**
 * Installs the missing packages where that is allowed (root on a Debian system).
 * Returns one line for each use whose packages are still missing afterwards.
 */
export function installSystemPackages() {
  let missing = missingPackages();
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    progress(`installing ${missing.length} system packages: ${missing.join(" ")} …`);
    aptGet("update");
    aptGet("install", "--yes", "--no-install-recommends", ...missing);
    missing = missingPackages();
  }
  return Object.entries(PACKAGES)
    .map(([use, names]) => [use, names.filter((name) => missing.includes(name))])
    .filter(([, names]) => names.length > 0)
    .map(([use, names]) => `${use}: ${names.join(" ")}`);
}

function missingPackages() {
  const names = Object.values(PACKAGES).flat();
  const query = spawnSync("dpkg-query", ["--show", `--showformat=\${db:Status-Status} \${Package}\n`, ...names]);
  if (query.error) return names;
  const installed = new Set(
    String(query.stdout)
      .split("\n")
      .filter((line) => line.startsWith("installed "))
      .map((line) => line.slice("installed ".length)),
  );
  return names.filter((name) => !installed.has(name));
}

function aptGet(...args) {
  const run = spawnSync("apt-get", ["-qq", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    encoding: "utf8",
  });
  if (run.status !== 0) progress(`apt-get ${args[0]} failed: ${(run.error?.message ?? run.stderr).trim()}`);
}
