// Shares a source and prints once a second how it goes, until Ctrl-C.
//
//     npm run build && node dist/examples/share.js test 192.168.1.20:5004

import { share } from "sightline";

const [source = "test", target = "127.0.0.1:5004"] = process.argv.slice(2);

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());

const sharing = await share({ source, to: [target], fps: 30, signal: interruption.signal });
console.log(`sharing ${sharing.source.name} to ${target}`);

const timer = setInterval(() => {
  const { encodedFps, encodedBitrateBps } = sharing.statistics();
  console.log(`${encodedFps} frames/s, ${(encodedBitrateBps / 1e6).toFixed(2)} Mb/s`);
}, 1_000);

const { error } = await sharing.ended;
clearInterval(timer);
if (error) throw new Error(error.message);
