/** Decibels as a factor of amplitude. Pure. */
export const factorOf = (gainDb: number): number => 10 ** (gainDb / 20);

export interface Loudness {
  set: (gainDb: number) => void;
  stop: () => void;
}

let context: AudioContext | null = null;
/** An element gives its sound to one graph for as long as it lives. */
const gains = new WeakMap<HTMLVideoElement, GainNode>();
const gestures = ["pointerup", "keydown"] as const;

/**
 * Turns the sound of an element up or down by what was measured of its title, whatever volume is chosen. Until the page had
 * a gesture a graph of sound would be silent, so the element sounds as it is by then; and so does one whose film the
 * browser's own player fetches.
 */
export function evenLoudness(video: HTMLVideoElement, gainDb: number): Loudness {
  let wantedDb = gainDb;
  const apply = () => {
    const gain = gains.get(video);
    if (gain !== undefined && context !== null)
      gain.gain.setTargetAtTime(factorOf(wantedDb), context.currentTime, 0.02);
  };
  const connect = () => {
    if (gains.has(video) || wantedDb === 0 || context?.state !== "running" || !video.currentSrc.startsWith("blob:"))
      return;
    const gain = context.createGain();
    gain.gain.value = factorOf(wantedDb);
    context.createMediaElementSource(video).connect(gain).connect(context.destination);
    gains.set(video, gain);
  };
  const begin = () => {
    if (wantedDb === 0 && !gains.has(video)) return;
    // Made earlier it would be suspended, and browsers complain.
    if (context === null && "userActivation" in navigator && !navigator.userActivation.hasBeenActive) return;
    context ??= new AudioContext();
    context.resume().then(connect, () => undefined);
  };
  const events = ["loadeddata", "playing"] as const;
  for (const name of events) video.addEventListener(name, begin);
  for (const name of gestures) window.addEventListener(name, begin);
  apply();
  begin();
  return {
    set: (nextDb) => {
      wantedDb = nextDb;
      apply();
      begin();
    },
    stop: () => {
      for (const name of events) video.removeEventListener(name, begin);
      for (const name of gestures) window.removeEventListener(name, begin);
    },
  };
}
