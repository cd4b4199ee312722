/** A page that stood still hears nothing of what happened meanwhile, but that it goes on. */
const heard = [
  [() => window, ["online", "offline"]],
  [() => document, ["resume", "visibilitychange"]],
] as const;

/** Calls when there may be a connection now and was none, or the other way round; `navigator.onLine` tells which. */
export function watchConnection(changed: () => void): () => void {
  for (const [at, names] of heard) for (const name of names) at().addEventListener(name, changed);
  return () => {
    for (const [at, names] of heard) for (const name of names) at().removeEventListener(name, changed);
  };
}
