import { type RefObject, useEffect, useRef, useState } from "react";
import { readIsEven, writeIsEven } from "../memory.ts";
import { evenLoudness, type Loudness } from "./loudness.ts";

/** Even loudness of all titles, which is remembered on this device; on until it is turned off. */
export function useEvenLoudness(
  element: RefObject<HTMLVideoElement | null>,
  gainDb: number,
): [isEven: boolean, change: (isEven: boolean) => void] {
  const [isEven, setEven] = useState(readIsEven);
  const loudness = useRef<Loudness | null>(null);
  const wantedDb = isEven ? gainDb : 0;
  useEffect(() => {
    if (element.current === null) return;
    loudness.current = evenLoudness(element.current, 0);
    return () => loudness.current?.stop();
  }, [element]);
  useEffect(() => loudness.current?.set(wantedDb), [wantedDb]);
  const change = (wanted: boolean) => {
    writeIsEven(wanted);
    setEven(wanted);
  };
  return [isEven, change];
}
