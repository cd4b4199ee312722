/** Lets so many pieces of work run at a time, the latest asked for first: it is what is in sight. Abandoned work never begins. */
export function turnsOf(atOnceMax: number) {
  const waiting: { signal: AbortSignal; begin: () => void }[] = [];
  let running = 0;
  const next = () => {
    while (running < atOnceMax) {
      const turn = waiting.pop();
      if (turn === undefined) return;
      if (turn.signal.aborted) continue;
      running += 1;
      turn.begin();
    }
  };
  return <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const begin = () => {
        work()
          .then(resolve, reject)
          .finally(() => {
            running -= 1;
            next();
          });
      };
      waiting.push({ signal, begin });
      next();
    });
}
