/** Two short tones, made here so that there is no file to load. */

const TONES_HZ = [784, 1_047];
const TONE_SECONDS = 0.18;
/** Heard across a counter, and no fright with headphones on. */
const LOUDNESS = 0.2;
/** A browser that has not yet allowed sound leaves the question open for ever. */
const ALLOW_MS = 300;

let context: AudioContext | null = null;

/** Browsers allow sound after a click or a key in the page: call this from one. */
export function allowSound(): void {
  context ??= typeof AudioContext === "undefined" ? null : new AudioContext();
  if (context?.state === "suspended") void context.resume();
}

/** Plays it, or says that the browser did not allow it. */
export async function ring(): Promise<"played" | "blocked"> {
  allowSound();
  if (context === null) return "blocked";
  if (context.state !== "running") {
    const patience = new Promise((resolve) => setTimeout(resolve, ALLOW_MS));
    await Promise.race([context.resume(), patience]);
  }
  if (context.state !== "running") return "blocked";
  for (const [n, hertz] of TONES_HZ.entries()) play(context, hertz, n * TONE_SECONDS);
  return "played";
}

function play(audio: AudioContext, hertz: number, afterSeconds: number): void {
  const start = audio.currentTime + afterSeconds;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  // It swells and fades: a tone cut off clicks.
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  volume.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + TONE_SECONDS);
}
