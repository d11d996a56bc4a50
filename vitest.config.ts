import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests whose time is virtual, or that only keep a core busy: they are not to starve the others, which meet real peers. */
const COMPUTED = ["src/core/**/*.test.ts", "web/**/*.test.ts", "lab/**/*.test.ts", "test/simulation/**/*.test.ts"];
const BUSY = ["test/fuzz/**/*.test.ts", "test/camera/**/*.test.ts", "scripts/**/*.test.ts"];
const LIVE = ["src/**/*.test.ts", "test/**/*.test.ts"];

export default defineConfig({
  // The laboratory imports the core by its public name: its sources, not what was built of them, are tested.
  resolve: { alias: { "sightline/core": fileURLToPath(new URL("src/core/index.ts", import.meta.url)) } },
  test: {
    testTimeout: 40_000,
    maxWorkers: Math.min(2, availableParallelism()),
    projects: [
      { extends: true, test: { name: "computed", include: COMPUTED, isolate: false } },
      { extends: true, test: { name: "busy", include: BUSY } },
      {
        extends: true,
        test: { name: "live", include: LIVE, exclude: [...COMPUTED, ...BUSY], sequence: { groupOrder: 1 } },
      },
    ],
  },
});
