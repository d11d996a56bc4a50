import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The laboratory imports the core by its public name: its sources, not what was built of them, are tested.
  resolve: { alias: { "sightline/core": fileURLToPath(new URL("src/core/index.ts", import.meta.url)) } },
  test: {
    include: ["src/**/*.test.ts", "lab/**/*.test.ts", "web/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 20_000,
  },
});
