import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";
import { compressed } from "../compressed.ts";

const FILES = "/static/field/dist/";
const AFTER_THE_FIRST_LOOK = /ponyfill|zxing/;
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** Tells the worker of the browser which files there are. */
function listed(): Plugin {
  return {
    name: "listed",
    apply: "build",
    writeBundle(options, bundle) {
      const names = Object.keys(bundle).filter((name) => /\.(js|css|wasm)$/.test(name) && name !== "worker.js");
      const paths = (later: boolean): string =>
        JSON.stringify(names.filter((name) => AFTER_THE_FIRST_LOOK.test(name) === later).map((name) => FILES + name));
      const worker = join(options.dir ?? "", "worker.js");
      writeFileSync(worker, `const FIRST=${paths(false)},LATER=${paths(true)};\n${readFileSync(worker, "utf8")}`);
    },
  };
}

export default defineConfig({
  base: FILES,
  define: { __APP_VERSION__: JSON.stringify(version) },
  plugins: [vue(), listed(), compressed()],
  build: {
    outDir: "../../src/shouwang/desk/static/field/dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: ["src/main.ts", "src/worker.ts"],
      output: { entryFileNames: (part) => (part.name === "worker" ? "worker.js" : "assets/[name]-[hash].js") },
    },
  },
});
