/**
 * The larger this is, the less the first places differ from later ones: the constant of Cormack, Clarke and Büttcher
 * (SIGIR 2009).
 */
const rankConstant = 60;

/** Reciprocal rank fusion: what stands high in several lists comes first; among equals, what the first list has. Pure. */
export function fusion(lists: readonly (readonly number[])[]): number[] {
  const scores = new Map<number, number>();
  for (const list of lists)
    for (const [place, id] of list.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (rankConstant + place + 1));
  return [...scores].toSorted(([, a], [, b]) => b - a).map(([id]) => id);
}
