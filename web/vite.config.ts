import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    target: ["chrome111", "firefox132", "safari16.4"],
    assetsInlineLimit: 0, // the page may not use data: URLs
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
