import { accuracyOf, type Accuracy, heldOut } from "../recall/accuracy.ts";
import { filterOf, type RecallSettings } from "../recall/filter.ts";
import { interactionsOf } from "../recall/interactions.ts";
import { type ItemTable, itemTableOf } from "../recall/item-table.ts";
import { type Grid, tunedSettings } from "../recall/settings-search.ts";

/** The input of a training: the places of videos that each user liked. */
export interface TrainingSet {
  readonly histories: readonly (readonly number[])[];
  /** How many videos there are. */
  readonly items: number;
  readonly seed: number;
}
export interface Trained {
  readonly table: ItemTable;
  readonly settings: RecallSettings;
  /** The accuracy on a fifth of the histories, held back from another model with the same settings. */
  readonly accuracy: Accuracy;
  readonly seconds: number;
}

/** Videos that go with each, in the table that feeds use. */
const width = 200;
/** Eigenvectors beside those that are wanted, which the basis needs as well. */
const spare = 64;
const sizes = [16, 32, 64, 128, 256, 448];
const grid = { betas: [0.1, 0.3, 1], sharpnesses: [0, 1, 2] };
/** Settings are compared for at most this many users. */
const askedMax = 2_500;

/** The sizes of a basis that so many users and items have; none where they are too few for a model. Pure. */
export const sizesFor = (users: number, items: number): number[] =>
  sizes.filter((size) => size + spare <= 0.8 * Math.min(users, items));

/** Trains a model; settings are chosen on splits of the histories. @throws RangeError where there are too few of them */
export function train({ histories, items, seed }: TrainingSet): Trained {
  const beganMs = performance.now();
  const random = xorshift(seed);
  const interactions = interactionsOf(histories, items);
  const possible = sizesFor(histories.length, items);
  if (possible.length === 0)
    throw new RangeError(`${histories.length} users and ${items} videos are too few for a model`);
  const everyUser = Math.max(1, Math.round(histories.length / askedMax));
  const whole: Grid = { sizes: possible, ...grid };
  const { settings } = tunedSettings(interactions, { grid: whole, splits: 1, everyUser, random });
  const { before, later } = heldOut(histories, { items, share: 0.2, random });
  const accuracy = accuracyOf(filterOf(interactionsOf(before, items), settings.size, random).scorer(settings), {
    before,
    later: later.map((laterItems, user) => (user % everyUser === 0 ? laterItems : new Set<number>())),
    items,
  });
  const table = itemTableOf(
    filterOf(interactions, settings.size, random).scorer(settings),
    items,
    Math.min(width, items),
  );
  const { recall, ndcg } = accuracy;
  return { table, settings, accuracy: { recall, ndcg }, seconds: (performance.now() - beganMs) / 1_000 };
}

/** Numbers from 0 to 1 without it (Marsaglia, *Xorshift RNGs*, 2003). */
export function xorshift(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
