/** Yes, no and look: heard and felt as well as seen, because gloves, sun and crowds take one of them away. */

export type Sense = "yes" | "no" | "look";

const TONES: Record<Sense, [hertz: number, seconds: number][]> = {
  yes: [[880, 0.12]],
  no: [[220, 0.25], [160, 0.35]],
  look: [[520, 0.12], [520, 0.12]],
}; // prettier-ignore
const SHAKES: Record<Sense, number[]> = { yes: [60], no: [200, 80, 300], look: [80, 60, 80] };
const LOUD = 0.25;

let sound: AudioContext | null = null;

/** Told after a touch: browsers keep still until somebody has touched the page. */
export function tell(sense: Sense): void {
  navigator.vibrate?.(SHAKES[sense]);
  play(TONES[sense]);
}

/** Read aloud for whoever stands there, in their language. */
export function read(text: string, language: string): void {
  if (!("speechSynthesis" in window)) return;
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = language;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}

function play(tones: [number, number][]): void {
  if (!("AudioContext" in window)) return;
  sound ??= new AudioContext();
  let at = sound.currentTime;
  for (const [hertz, seconds] of tones) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(LOUD, at);
    volume.gain.linearRampToValueAtTime(0, at + seconds);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds + 0.05;
  }
}
