// Waits for a stream, writes its first picture to a PNG file, and ends.
//
//     npm run build && node dist/examples/snapshot.js :5004 now.png

import { watch } from "sightline";

const [target = ":5004", file = "now.png"] = process.argv.slice(2);

const watching = await watch(target, {
  window: false,
  onEvent: (event) => {
    if (event.kind === "listening") console.log(`waiting at ${event.address}`);
  },
});
await watching.snapshot(file);
console.log(`wrote ${file}`);
await watching.close();
