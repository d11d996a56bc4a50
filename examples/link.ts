// Shares a source by a link and prints who watches it, until Ctrl-C.
//
//     npm run build && node dist/examples/link.js camera

import { share } from "sightline";

const [source = "test"] = process.argv.slice(2);

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());

const sharing = await share({
  source,
  link: { port: 0, announce: false },
  signal: interruption.signal,
  onEvent: (event) => {
    if (event.kind === "viewer-joined") console.log(`${event.remote} watches ${event.stream}`);
    if (event.kind === "viewer-left") console.log(`${event.remote} has left`);
  },
});
for (const url of sharing.link?.urls ?? []) console.log(url);

const { error } = await sharing.ended;
if (error) throw new Error(error.message);
