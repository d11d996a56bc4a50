import { networkInterfaces } from "node:os";
import { SightlineError } from "../core/index.js";
import { openSurface } from "../display/index.js";
import { listCameras, listX11Screens, workingH264Encoders } from "../media/index.js";
import { probeSegmentation, UdpSocket } from "../transport/index.js";

/** One finding of {@link diagnose}. */
export interface Finding {
  /** What was looked at: "screen", "window", "H.264 encoders". */
  readonly subject: string;
  readonly verdict: "ok" | "missing" | "limited";
  /** What was found, one line. */
  readonly detail: string;
  /** What to do about it, one line. */
  readonly remedy?: string;
}

/** Tries what sharing and watching need on this machine. A window is opened for a moment. Takes a few seconds. */
export async function diagnose(): Promise<Finding[]> {
  return [
    examineNode(),
    examineScreen(),
    examineWindow(),
    await examineCameras(),
    examineEncoders(),
    await examineReceiveBuffer(),
    await examineBatches(),
    examineAddresses(),
  ];
}

function examineNode(): Finding {
  return { subject: "Node", verdict: "ok", detail: `${process.version} on ${process.platform} ${process.arch}` };
}

function examineScreen(): Finding {
  const subject = "screen";
  if (process.platform === "darwin" || process.platform === "win32") {
    return { subject, verdict: "ok", detail: "captured through the system's own interface" };
  }
  if (!process.env["DISPLAY"] && process.env["WAYLAND_DISPLAY"]) {
    return {
      subject,
      verdict: "missing",
      detail: "a Wayland session without X lets no program capture it without its portal",
      remedy: "log in to an X11 session to share the screen; cameras, files and watching work",
    };
  }
  return attempt(subject, "start a graphical session, or set DISPLAY to one", () => {
    const [desktop] = listX11Screens();
    return `X display ${process.env["DISPLAY"]}, ${desktop!.width}x${desktop!.height}`;
  });
}

function examineWindow(): Finding {
  return attempt("window", "watching still works with --record, --snapshot, --frames or --no-window", () => {
    const surface = openSurface({ title: "Sightline", width: 320, height: 180, fullscreen: false });
    surface.close();
    return surface.kind === "x11" ? "X11 directly" : "SDL 2";
  });
}

async function examineCameras(): Promise<Finding> {
  const cameras = await listCameras();
  const subject = "cameras";
  if (cameras.length > 0) return { subject, verdict: "ok", detail: cameras.map(({ name }) => name).join(", ") };
  const remedy = "plug one in, and check that this user may use it (on Linux: the group video)";
  return { subject, verdict: "missing", detail: "none found", remedy };
}

function examineEncoders(): Finding {
  const working = workingH264Encoders();
  const hardware = working.filter((name) => name !== "libx264");
  const detail = `${working.join(", ")}${hardware.length === 0 ? " (no hardware encoder works here)" : ""}`;
  return { subject: "H.264 encoders", verdict: working.length > 0 ? "ok" : "missing", detail };
}

async function examineReceiveBuffer(): Promise<Finding> {
  const subject = "UDP receive buffer";
  const socket = await UdpSocket.bind({ family: 4 });
  const warning = socket.receiveBufferWarning;
  await socket.close();
  if (warning === undefined) return { subject, verdict: "ok", detail: "as large as wanted" };
  const [detail = warning, remedy] = warning.split(/: (?=sudo)/);
  return { subject, verdict: "limited", detail, ...(remedy !== undefined && { remedy }) };
}

async function examineBatches(): Promise<Finding> {
  const subject = "UDP batches";
  if (await probeSegmentation()) return { subject, verdict: "ok", detail: "a frame leaves in one call (UDP_SEGMENT)" };
  const detail = "each packet leaves in a call of its own, which costs more only with many viewers";
  return { subject, verdict: process.platform === "linux" ? "limited" : "ok", detail };
}

function examineAddresses(): Finding {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const reachable = own.filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  const subject = "addresses";
  if (reachable.length > 0)
    return { subject, verdict: "ok", detail: reachable.map(({ address }) => address).join(", ") };
  return { subject, verdict: "limited", detail: "this machine only", remedy: "connect it to a network" };
}

function attempt(subject: string, remedy: string, examine: () => string): Finding {
  try {
    return { subject, verdict: "ok", detail: examine() };
  } catch (error) {
    if (!(error instanceof SightlineError)) throw error;
    return { subject, verdict: "missing", detail: error.message, remedy };
  }
}
