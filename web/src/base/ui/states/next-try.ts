import { useEffect, useEffectEvent, useState } from "react";

const firstPauseS = 5;
const pauseSMax = 30;

/**
 * Makes another attempt again and again while it is wanted, each after a longer pause. A page in the background waits.
 *
 * @returns the seconds until the next one
 */
export function useNextTry(isWanted: boolean, attempt: () => void): number {
  const [leftS, setLeftS] = useState(firstPauseS);
  const begin = useEffectEvent(attempt);
  useEffect(() => {
    if (!isWanted) return undefined;
    let pauseS = firstPauseS;
    let secondsLeft = pauseS;
    setLeftS(secondsLeft);
    const timer = setInterval(() => {
      if (document.hidden) return;
      secondsLeft -= 1;
      if (secondsLeft === 0) {
        begin();
        pauseS = Math.min(pauseS * 2, pauseSMax);
        secondsLeft = pauseS;
      }
      setLeftS(secondsLeft);
    }, 1_000);
    return () => clearInterval(timer);
  }, [isWanted]);
  return leftS;
}
