/** The camera that looks away from us, looked through until something is read. */

import { newReader } from "./reading";

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
  video.srcObject = stream;
  await video.play();
  const reader = await newReader();
  let last = "";
  let lastAt = 0;
  const timer = setInterval(async () => {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const [seen] = await reader.detect(video);
    if (!seen) return;
    const repeated = seen.rawValue === last && Date.now() - lastAt < SAME_CODE_PAUSE_MS;
    last = seen.rawValue;
    lastAt = Date.now();
    if (!repeated) tell(seen.rawValue);
  }, 1000 / LOOKS_A_SECOND);
  return { stop: () => end(timer, stream), torch: lamp(stream) };
}

function end(timer: ReturnType<typeof setInterval>, stream: MediaStream): void {
  clearInterval(timer);
  for (const track of stream.getTracks()) track.stop();
}

function lamp(stream: MediaStream): Camera["torch"] {
  const [track] = stream.getVideoTracks();
  const able = track?.getCapabilities?.() as { torch?: boolean } | undefined;
  if (!track || !able?.torch) return undefined;
  return (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}
