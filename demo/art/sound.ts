import { setImmediate } from "node:timers/promises";
import { between, type Random, createRandom } from "./random.ts";

/** The sound of a clip; all of it is computed. */
export interface Sound {
  /** The lowest note, as in MIDI: 57 is the A below middle C. */
  readonly root: number;
  /** Chords that follow each other, as half tones above the root. */
  readonly chords: readonly (readonly number[])[];
  readonly chordSeconds: number;
  /** The number of notes of a chord that are plucked one after another; none without it. */
  readonly plucks?: number;
  readonly hasDrums?: boolean;
  readonly noise?: "rain" | "sea" | "wind" | "room";
}

export const sampleRate = 48_000;
const hertz = (note: number): number => 440 * 2 ** ((note - 69) / 12);

/** Samples over which a swell is a straight line, which is inaudible. */
const lineSamples = 64;

/** Adds a sine that swells and ends softly. */
function addTone(samples: Float32Array, from: number, seconds: number, hz: number, gain: number): void {
  const start = Math.floor(from * sampleRate);
  const length = Math.floor(seconds * sampleRate);
  const step = (2 * Math.PI * hz) / sampleRate;
  // y[n] = 2 cos(w) y[n-1] - y[n-2]: a sine for a multiplication.
  const factor = 2 * Math.cos(step);
  let [last, before] = [0, -Math.sin(step)];
  // At the end rounding may leave the sine below zero, which has no such power.
  const levelAt = (i: number) => gain * Math.max(0, Math.sin(Math.PI * Math.min(1, i / length))) ** 0.8;
  const end = Math.min(length, samples.length - start);
  for (let from = 0; from < end; from += lineSamples) {
    let level = levelAt(from);
    const rise = (levelAt(from + lineSamples) - level) / lineSamples;
    for (let i = start + from; i < start + Math.min(end, from + lineSamples); i++) {
      const value = factor * last - before;
      before = last;
      last = value;
      samples[i] = (samples[i] ?? 0) + level * value;
      level += rise;
    }
  }
}

/** Adds a plucked string: sines that fade, the higher ones sooner. */
function addPluck(samples: Float32Array, from: number, hz: number, gain: number): void {
  const start = Math.floor(from * sampleRate);
  for (const [overtone, part, seconds] of [
    [1, 1, 0.5],
    [2, 0.4, 0.28],
    [3, 0.18, 0.16],
  ] as const) {
    const step = (2 * Math.PI * hz * overtone) / sampleRate;
    const fading = Math.exp(-1 / (seconds * sampleRate));
    const factor = 2 * fading * Math.cos(step);
    const damping = fading * fading;
    const level = gain * part;
    const end = Math.min(start + 5 * seconds * sampleRate, samples.length);
    // Two plain numbers: a pair that is taken apart for each sample costs more than all else here.
    let last = 0;
    let before = -Math.sin(step) / fading;
    for (let i = start; i < end; i++) {
      const value = factor * last - damping * before;
      before = last;
      last = value;
      samples[i] = (samples[i] ?? 0) + level * value;
    }
  }
}

/** Adds a bass drum, or a brush where it is high. */
function addBeat(samples: Float32Array, from: number, isHigh: boolean, random: Random): void {
  const start = Math.floor(from * sampleRate);
  const length = Math.floor((isHigh ? 0.07 : 0.22) * sampleRate);
  for (let i = 0; i < length && start + i < samples.length; i++) {
    const t = i / sampleRate;
    const value = isHigh
      ? 0.05 * (random() * 2 - 1) * Math.exp(-t * 60)
      : 0.34 * Math.sin(2 * Math.PI * (46 * t + 3.2 * (1 - Math.exp(-t * 30)))) * Math.exp(-t * 16);
    samples[start + i] = (samples[start + i] ?? 0) + value;
  }
}

const noises = {
  rain: { gain: 0.1, low: 0.55, swell: 0.15, seconds: 5 },
  sea: { gain: 0.5, low: 0.03, swell: 0.75, seconds: 6 },
  wind: { gain: 0.4, low: 0.02, swell: 0.6, seconds: 8 },
  room: { gain: 0.1, low: 0.06, swell: 0.1, seconds: 4 },
} as const;

/** Adds noise that swells, in whole seconds from `from` on. */
function addNoise(
  samples: Float32Array,
  kind: keyof typeof noises,
  from: number,
  state: { value: number },
  random: Random,
): void {
  const { gain, low, swell, seconds } = noises[kind];
  const start = from * sampleRate;
  for (let i = start; i < start + sampleRate && i < samples.length; i++) {
    state.value += low * (random() * 2 - 1 - state.value);
    const level = 1 - swell * (0.5 + 0.5 * Math.cos((2 * Math.PI * i) / (seconds * sampleRate)));
    samples[i] = (samples[i] ?? 0) + gain * level * state.value;
  }
}

/** One channel of 16-bit samples, little-endian; it lets other work run between the notes. */
export async function samplesOf(sound: Sound, seconds: number, seed: number): Promise<Buffer> {
  const random = createRandom(seed);
  const samples = new Float32Array(seconds * sampleRate);
  const { root, chords, chordSeconds, plucks = 0, hasDrums = false, noise } = sound;
  for (let from = 0, place = 0; from < seconds; from += chordSeconds, place++) {
    const chord = chords[place % chords.length] ?? [0];
    for (const [k, tone] of chord.entries()) {
      const hz = hertz(root + tone);
      addTone(samples, from, chordSeconds * 1.25, hz, k === 0 ? 0.085 : 0.05);
      addTone(samples, from, chordSeconds * 1.25, hz * 1.003, 0.035);
      await setImmediate();
    }
    for (let i = 0; i < plucks; i++) {
      const tone = chord[Math.floor(random() * chord.length)] ?? 0;
      if (random() < 0.82)
        addPluck(
          samples,
          from + (i * chordSeconds) / plucks,
          hertz(root + tone + (random() < 0.4 ? 24 : 12)),
          between(random, 0.06, 0.13),
        );
      await setImmediate();
    }
    for (let i = 0; i < (hasDrums ? 8 : 0); i++) addBeat(samples, from + (i * chordSeconds) / 8, i % 2 === 1, random);
    await setImmediate();
  }
  const state = { value: 0 };
  for (let second = 0; second < (noise ? seconds : 0); second++) {
    if (noise) addNoise(samples, noise, second, state, random);
    await setImmediate();
  }
  const bytes = Buffer.alloc(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    const edge = Math.min(1, i / (0.4 * sampleRate), (samples.length - i) / (0.8 * sampleRate));
    bytes.writeInt16LE(Math.round(Math.tanh((samples[i] ?? 0) * 1.4) * edge * 26_000), i * 2);
    if (i % 96_000 === 0) await setImmediate();
  }
  return bytes;
}
