import { defineConfig } from "vite";
import { compressed } from "../compressed.ts";
import { worn } from "./worn.ts";

export default defineConfig({
  base: "./",
  plugins: [compressed()],
  css: { postcss: { plugins: [worn()] } },
  build: {
    outDir: "../../src/shouwang/desk/static/desk/dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 700, // the charts, fetched where one is seen
    rollupOptions: {
      input: ["src/desk.ts", "src/door.ts", "src/report.ts", "src/poster.css", "src/home.css", "src/icons.svg", "src/mark.svg"],
      // htmx can evaluate text; desk.ts switches that off, and the pages' policy forbids it.
      onwarn: (warning, warn) => (warning.code === "EVAL" ? undefined : warn(warning)),
    },
  },
});
