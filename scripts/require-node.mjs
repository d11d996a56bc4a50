// Imported first by every script: an old Node stops here, with a line that says so, before it meets syntax it cannot read.

const NEEDED = [20, 19];

const version = process.versions.node.split(".").map(Number);
if (version[0] < NEEDED[0] || (version[0] === NEEDED[0] && version[1] < NEEDED[1])) {
  process.stderr.write(
    "sightline: needs Node.js " +
      NEEDED.join(".") +
      " or later, this is " +
      process.versions.node +
      " (https://nodejs.org)\n",
  );
  process.exit(1);
}
