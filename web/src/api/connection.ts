/** A page that stood still gets no event of what happened meanwhile, but of its resumption. */
const sources = [
  [() => window, ["online", "offline"]],
  [() => document, ["resume", "visibilitychange"]],
] as const;

/** Calls when there may be a connection now and was none, or the other way round; `navigator.onLine` says which. */
export function watchConnection(changed: () => void): () => void {
  for (const [at, names] of sources) for (const name of names) at().addEventListener(name, changed);
  return () => {
    for (const [at, names] of sources) for (const name of names) at().removeEventListener(name, changed);
  };
}
