/** The viewer process: decodes and shows what its parent receives. Started by `ViewerProcess`. */
import { SightlineError } from "../../core/index.js";
import { connectToParent, Link } from "../../ipc/index.js";
import type { FromViewer, ToViewer } from "./protocol.js";
import { Viewer } from "./viewer.js";

const STATISTICS_INTERVAL_MS = 1_000;

const link = new Link<ToViewer, FromViewer>(connectToParent());
let viewer: Viewer | undefined;

/** Tells the parent why this process cannot go on, and ends it once the words are out. */
function fail(error: unknown): void {
  const { code, message } =
    error instanceof SightlineError ? error : new SightlineError("internal", `the viewer failed: ${String(error)}`);
  if (process.env["SIGHTLINE_DEBUG"]) console.error(error);
  link.send({ type: "failed", body: { code, message } });
  link.close();
  process.exitCode = 1;
  link.onClose(() => process.exit());
}

async function close(): Promise<void> {
  await viewer?.close();
  process.exit();
}

process.on("uncaughtException", fail);
link.onClose(close);
link.onMessage((message) => {
  switch (message.type) {
    case "open":
      try {
        viewer = new Viewer(link, message.body);
        link.send({ type: "opened", body: { window: viewer.windowKind } });
        setInterval(() => viewer?.statistics(), STATISTICS_INTERVAL_MS);
      } catch (error) {
        fail(error);
      }
      break;
    case "frame":
      if (message.payload) viewer?.accept(message.body, message.payload);
      break;
    case "still":
      if (message.payload) viewer?.acceptStill(message.payload);
      break;
    case "stills-reset":
      viewer?.resetStills();
      break;
    case "figures":
      viewer?.setFigures(message.body.lines);
      break;
    case "notice":
      viewer?.setNotice(message.body.text);
      break;
    case "pointer-shape":
      if (message.payload) viewer?.addPointerShape(message.body, message.payload);
      break;
    case "pointer":
      viewer?.movePointer(message.body.position);
      break;
    case "deliver":
      viewer?.deliver(message.body.on);
      break;
    case "snapshot":
      viewer?.takeSnapshot(message.body.file);
      break;
    case "close":
      close();
      break;
  }
});
