/** A photograph is drawn anew and smaller before it is kept: where, when and with which phone it was taken stays behind. */

import { ref } from "vue";

const LONGEST_SIDE = 1280;
const MOST_BYTES = 512 * 1024;
const FINENESS = [0.75, 0.6, 0.45, 0.3];

/** How many are being drawn: whatever they belong to is kept once they are there. */
export const drawing = ref(0);

/** Throws where the file is no picture that this phone can show. */
export function drawnAnew(taken: Blob): Promise<Blob> {
  drawing.value += 1;
  return draw(taken).finally(() => (drawing.value -= 1));
}

async function draw(taken: Blob): Promise<Blob> {
  const picture = await createImageBitmap(taken, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const fineness of FINENESS) {
    const drawn = await jpeg(canvas, fineness);
    if (drawn && drawn.size <= MOST_BYTES) return drawn;
  }
  throw new Error("too large however it is drawn");
}

function jpeg(canvas: HTMLCanvasElement, fineness: number): Promise<Blob | null> {
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", fineness));
}
