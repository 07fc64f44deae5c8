import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const WORTH_COMPRESSING_BYTES = 1024;

/** Lays a .br and a .gz beside every text file, so that the server only hands them out. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    enforce: "post",
    // After everything else: the last changes are made to the scripts while the bundle is written.
    writeBundle(options, bundle) {
      for (const [fileName, part] of Object.entries(bundle)) {
        const text = Buffer.from(part.type === "chunk" ? part.code : part.source);
        if (!/\.(css|js|svg)$/.test(fileName) || text.length < WORTH_COMPRESSING_BYTES) continue;
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        const path = join(options.dir ?? "", fileName);
        writeFileSync(`${path}.br`, brotliCompressSync(text, quality));
        writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [compressed()],
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
