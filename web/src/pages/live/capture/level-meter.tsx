import { useEffect, useRef } from "react";

const samples = 1_024;
const quietDb = -60;
const everyMs = 80;

/** The place of a level between silence and the loudest, from 0 to 1; `peak` is of samples between -1 and 1. Pure. */
export const levelOf = (peak: number): number =>
  peak <= 0 ? 0 : Math.max(0, Math.min(1, 1 - (20 * Math.log10(peak)) / quietDb));

/** How loud the sound of a stream is right now. */
export function LevelMeter({ stream, label }: { stream: MediaStream; label: string }) {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (stream.getAudioTracks().length === 0) return undefined;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = samples;
    context.createMediaStreamSource(stream).connect(analyser);
    const values = new Float32Array(samples);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(values);
      const peak = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (bar.current !== null) bar.current.value = levelOf(peak);
    }, everyMs);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return <meter ref={bar} aria-label={label} min={0} max={1} high={0.9} className="h-2 w-full" />;
}
