/** The chosen entries of a list, the start of a range, and the place of the keyboard. Ids; lists give the order. */
export interface Selection {
  readonly chosen: ReadonlySet<number>;
  readonly anchor: number | null;
  readonly focus: number | null;
}

export const nothing: Selection = { chosen: new Set(), anchor: null, focus: null };

interface Keys {
  /** Adds or takes away, instead of choosing this alone. */
  readonly adds?: boolean;
  /** From where the range began to here. */
  readonly ranges?: boolean;
}

/** After a press on an entry, or a step of the keyboard to it. Pure. */
export function press(before: Selection, ids: readonly number[], id: number, { adds, ranges }: Keys): Selection {
  if (ranges === true) {
    const from = before.anchor ?? ids[0] ?? id;
    const range = between(ids, from, id);
    return { chosen: new Set(adds === true ? [...before.chosen, ...range] : range), anchor: from, focus: id };
  }
  if (adds === true) return toggle(before, id);
  return { chosen: new Set([id]), anchor: id, focus: id };
}

/** After an entry was taken in or out by itself. Pure. */
export function toggle(before: Selection, id: number): Selection {
  const chosen = new Set(before.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, anchor: id, focus: id };
}

/**
 * After an arrow key: `by` entries on, not beyond the ends. With `adds` the keyboard goes there and nothing else
 * changes. Pure.
 */
export function walk(before: Selection, ids: readonly number[], by: number, keys: Keys): Selection {
  if (ids.length === 0) return before;
  const at = before.focus === null ? -1 : ids.indexOf(before.focus);
  const to = at === -1 ? (by < 0 ? ids.length - 1 : 0) : Math.min(ids.length - 1, Math.max(0, at + by));
  const id = ids[to];
  if (id === undefined) return before;
  if (keys.adds === true && keys.ranges !== true) return { ...before, focus: id };
  return press(before, ids, id, { ranges: keys.ranges === true });
}

export const everything = (before: Selection, ids: readonly number[]): Selection => ({
  chosen: new Set(ids),
  anchor: before.anchor,
  focus: before.focus ?? ids[0] ?? null,
});

/** While a rubber band holds these, over what was chosen before it. Pure. */
export const selectBand = (before: Selection, hit: Iterable<number>, adds: boolean): Selection => ({
  ...before,
  chosen: new Set(adds ? [...before.chosen, ...hit] : hit),
});

/** Without what is not in the list any more; the same where all of it is. Pure. */
export function pruneSelection(before: Selection, ids: readonly number[]): Selection {
  const knownIds = new Set(ids);
  const isKnown = (id: number | null) => id === null || knownIds.has(id);
  if (isKnown(before.anchor) && isKnown(before.focus) && [...before.chosen].every(isKnown)) return before;
  return {
    chosen: new Set([...before.chosen].filter((id) => knownIds.has(id))),
    anchor: isKnown(before.anchor) ? before.anchor : null,
    focus: isKnown(before.focus) ? before.focus : null,
  };
}

function between(ids: readonly number[], from: number, to: number): number[] {
  const [first = 0, last = 0] = [ids.indexOf(from), ids.indexOf(to)].toSorted((a, b) => a - b);
  return ids.slice(Math.max(0, first), last + 1);
}
