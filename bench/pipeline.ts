/** How old a frame is when a program has it: capture, encode, RTP over loopback, decode, and the way back out of the viewer. */

import { share, watch } from "sightline";
import { reportSpread } from "./measure.js";

const FRAMES = 150;
/** The first frames meet code that is not compiled yet. */
const WARM_UP = 30;
const PORT = 5_704;

const watching = await watch(`127.0.0.1:${PORT}`, { window: false });
const sharing = await share({ source: "test", to: [`127.0.0.1:${PORT}`] });

const agesMs: number[] = [];
for await (const { captureTime } of watching.frames()) {
  agesMs.push(performance.timeOrigin + performance.now() - captureTime / 1_000);
  if (agesMs.length === FRAMES + WARM_UP) break;
}
reportSpread("whole pipeline, 1280x720 test pattern", agesMs.slice(WARM_UP), { unit: "ms", per: "frame" });
await sharing.close();
await watching.close();
