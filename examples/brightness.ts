// Receives a stream and prints how bright each picture is: decoded pictures for a program's own use. Ends after 100.
//
//     npm run build && node dist/examples/brightness.js :5004

import { watch } from "sightline";

const [target = ":5004"] = process.argv.slice(2);

const watching = await watch(target, { window: false });
let pictures = 0;
for await (const { planes, width, height, captureTime } of watching.frames()) {
  // In all YCbCr formats the first plane is luma, a byte a pixel, 16 for black to 235 for white.
  const luma = planes[0]!;
  const sum = luma.reduce((total, value) => total + value, 0);
  const brightness = (sum / luma.length - 16) / (235 - 16);
  const capturedAt = new Date(captureTime / 1_000).toISOString();
  console.log(`${capturedAt} ${width}x${height} ${(brightness * 100).toFixed(1)} %`);
  if (++pictures === 100) break;
}
await watching.close();
