import { accuracyOf, heldOut, type Trial } from "./accuracy.ts";
import { filterOf, type GraphFilter, type RecallSettings } from "./filter.ts";
import { type Interactions, interactionsOf, rowOf } from "./interactions.ts";

/** The values a search tries, each in turn with the best of the others so far. */
export interface Grid {
  readonly sizes: readonly number[];
  readonly betas: readonly number[];
  readonly sharpnesses: readonly number[];
}

export interface Tuned {
  readonly settings: RecallSettings;
  /** Mean NDCG over the splits, of all that was tried. */
  readonly tried: readonly (RecallSettings & { readonly ndcg: number })[];
}

interface SearchOptions {
  readonly grid: Grid;
  readonly splits: number;
  /** One of this many users is asked for; all are learned from. */
  readonly everyUser: number;
  readonly random: () => number;
}

/**
 * Chooses settings by holding a fifth of the histories back, several times anew. Degrees of users and items weigh as the
 * method has it: weights of their own won such splits and lost on later events.
 */
export function tunedSettings(interactions: Interactions, { grid, splits, everyUser, random }: SearchOptions): Tuned {
  const largest = Math.max(...grid.sizes);
  const all = Array.from({ length: splits }, () => splitOf(interactions, { largest, everyUser, random }));
  const tried: (RecallSettings & { ndcg: number })[] = [];
  const ndcgOf = (settings: RecallSettings): number => {
    const earlier = tried.find((candidate) => isSame(candidate, settings));
    if (earlier) return earlier.ndcg;
    const sum = all.reduce((total, { filter, trial }) => total + accuracyOf(filter.scorer(settings), trial).ndcg, 0);
    tried.push({ ...settings, ndcg: sum / splits });
    return sum / splits;
  };
  let best: RecallSettings = {
    size: middle(grid.sizes),
    beta: middle(grid.betas),
    sharpness: middle(grid.sharpnesses),
  };
  const better = (candidates: readonly RecallSettings[]): void => {
    for (const candidate of candidates) if (ndcgOf(candidate) > ndcgOf(best)) best = candidate;
  };
  better(grid.sharpnesses.map((sharpness) => ({ ...best, sharpness })));
  better(grid.betas.map((beta) => ({ ...best, beta })));
  better(grid.sizes.map((size) => ({ ...best, size })));
  better(grid.sharpnesses.map((sharpness) => ({ ...best, sharpness })));
  return { settings: best, tried };
}

const middle = (values: readonly number[]): number => values[Math.floor(values.length / 2)] ?? 0;

const isSame = (settings: RecallSettings, otherSettings: RecallSettings): boolean =>
  settings.size === otherSettings.size &&
  settings.beta === otherSettings.beta &&
  settings.sharpness === otherSettings.sharpness;

interface Split {
  readonly filter: GraphFilter;
  readonly trial: Trial;
}

function splitOf(
  { users, items, byUser }: Interactions,
  {
    largest,
    everyUser,
    random,
  }: { readonly largest: number; readonly everyUser: number; readonly random: () => number },
): Split {
  const histories = Array.from({ length: users }, (_, user) => rowOf(byUser, user));
  const { before, later } = heldOut(histories, { items, share: heldShare, random });
  const filter = filterOf(interactionsOf(before, items), largest, random);
  const evaluatedLater = later.map((laterItems, user) => (user % everyUser === 0 ? laterItems : new Set<number>()));
  return { filter, trial: { before, later: evaluatedLater, items } };
}
const heldShare = 0.2;
