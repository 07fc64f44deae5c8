import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const WORTH_COMPRESSING_BYTES = 1024;

type Part = { type: "chunk"; code: string } | { type: "asset"; source: string | Uint8Array };

/** Lays a .br and a .gz beside every text file of a build, so that the server only hands them out. */
export function compressed() {
  return {
    name: "compressed",
    apply: "build" as const,
    enforce: "post" as const,
    // After everything else: the last changes are made to the scripts while the bundle is written.
    writeBundle(options: { dir?: string }, bundle: Record<string, Part>) {
      for (const [fileName, part] of Object.entries(bundle)) {
        const text = Buffer.from(part.type === "chunk" ? part.code : part.source);
        if (!/\.(css|js|svg|wasm)$/.test(fileName) || text.length < WORTH_COMPRESSING_BYTES) continue;
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        const path = join(options.dir ?? "", fileName);
        writeFileSync(`${path}.br`, brotliCompressSync(text, quality));
        writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}
