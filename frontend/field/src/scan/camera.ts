/** The camera that looks away from us, looked through until something is read. */

import { newReader, type Reader } from "./reading";

const LOOKS_A_SECOND = 8;
const SAME_CODE_PAUSE_MS = 2500;

export interface Camera {
  stop(): void;
  /** Nothing where this phone has no lamp. */
  torch?: (on: boolean) => Promise<void>;
}

/** Shows the picture and tells each code once until it has been out of sight for a moment. Throws where there is no camera. */
export async function watch(video: HTMLVideoElement, tell: (code: string) => void): Promise<Camera> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  try {
    video.srcObject = stream;
    await video.play();
    const stop = look(video, await newReader(), tell);
    return { stop: () => (stop(), end(stream)), torch: lamp(stream) };
  } catch (error) {
    end(stream); // no lamp is left burning behind a page that has gone
    throw error;
  }
}

/** One look after the other, also where the phone needs longer for one; what was seen as we stopped is told to nobody. */
function look(video: HTMLVideoElement, reader: Reader, tell: (code: string) => void): () => void {
  let last = "";
  let lastAt = 0;
  let looking = false;
  let stopped = false;
  const timer = setInterval(async () => {
    if (looking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    looking = true;
    const [seen] = await reader.detect(video).catch(() => []);
    looking = false;
    if (!seen || stopped) return;
    const repeated = seen.rawValue === last && Date.now() - lastAt < SAME_CODE_PAUSE_MS;
    last = seen.rawValue;
    lastAt = Date.now();
    if (!repeated) tell(seen.rawValue);
  }, 1000 / LOOKS_A_SECOND);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function lamp(stream: MediaStream): Camera["torch"] {
  const [track] = stream.getVideoTracks();
  const able = track?.getCapabilities?.() as { torch?: boolean } | undefined;
  if (!track || !able?.torch) return undefined;
  return (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}
