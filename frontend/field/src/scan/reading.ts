/** Codes seen by the camera: by what the browser brings, else by a reader of our own that is fetched once. */

import type { BarcodeFormat } from "barcode-detector/ponyfill";

const FORMATS: BarcodeFormat[] = ["qr_code", "code_128", "code_39", "ean_13", "data_matrix"];

export interface Reader {
  detect(picture: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type Native = { new (options: { formats: string[] }): Reader; getSupportedFormats(): Promise<string[]> };

/** The reader that this phone has. */
export async function newReader(): Promise<Reader> {
  const native = (globalThis as { BarcodeDetector?: Native }).BarcodeDetector;
  if (native && (await native.getSupportedFormats()).includes("qr_code")) return new native({ formats: FORMATS });
  const [{ BarcodeDetector, prepareZXingModule }, wasm] = await Promise.all([
    import("barcode-detector/ponyfill"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasm.default : prefix + path) } });
  return new BarcodeDetector({ formats: FORMATS });
}
