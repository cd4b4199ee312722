import type { Scorer } from "./filter.ts";
import { addRows, type ItemTable } from "./item-table.ts";
import { lanes } from "./kernel.ts";
import { Top } from "./top.ts";

/** The data that a list of recommendations is tested with. */
export interface Trial {
  /** The items that each user watched before, and those that each watched later. */
  readonly before: readonly ArrayLike<number>[];
  readonly later: readonly ReadonlySet<number>[];
  readonly items: number;
}

/** Means over the users who watched something later, 0 to 1. */
export interface Accuracy {
  /** The share of the later items that are among the first 20. */
  readonly recall: number;
  /** As recall, where a place counts the more the higher it is: binary gains, the best list has min(20, later) hits. */
  readonly ndcg: number;
}

export const listLength = 20;

/** Ranks all items for each user, without those watched before. */
export function accuracyOf(scorer: Scorer, trial: Trial): Accuracy {
  const users = usersOf(trial);
  const mean = new Mean();
  const ranking = new Ranking(trial);
  for (let from = 0; from < users.length; from += lanes) {
    const block = users.slice(from, from + lanes);
    const scores = scorer(block.map((user) => trial.before[user] ?? []));
    for (const [lane, user] of block.entries())
      mean.add(
        ranking.of(user, (item) => scores[item * lanes + lane] ?? 0),
        trial.later[user],
      );
  }
  return mean;
}

/** The same by the sums of rows of a table. */
export function tableAccuracy(table: ItemTable, trial: Trial): Accuracy {
  const scores = new Float64Array(trial.items);
  return listAccuracy(trial, (user) => {
    scores.fill(0);
    const history = Array.from(trial.before[user] ?? [], (item) => [item, 1] as const);
    addRows(table, history, scores);
    return scores;
  });
}

/** The same by any scores. @param scoresFor the score of each item for a user; the next call may change them */
export function listAccuracy(trial: Trial, scoresFor: (user: number) => Float64Array): Accuracy {
  const mean = new Mean();
  const ranking = new Ranking(trial);
  for (const user of usersOf(trial)) {
    const scores = scoresFor(user);
    mean.add(
      ranking.of(user, (item) => scores[item] ?? 0),
      trial.later[user],
    );
  }
  return mean;
}

/** Takes a share of each longer history away, to see whether it is found again. */
export function heldOut(
  histories: readonly ArrayLike<number>[],
  { items, share, random }: { readonly items: number; readonly share: number; readonly random: () => number },
): Trial & { readonly before: readonly (readonly number[])[] } {
  const before: number[][] = [];
  const later: Set<number>[] = [];
  for (const history of histories) {
    const shuffled = Array.from(history, (item) => ({ item, place: random() })).toSorted((a, b) => a.place - b.place);
    const count = shuffled.length < historyMin ? 0 : Math.max(1, Math.round(shuffled.length * share));
    later.push(new Set(shuffled.slice(0, count).map(({ item }) => item)));
    before.push(shuffled.slice(count).map(({ item }) => item));
  }
  return { before, later, items };
}
const historyMin = 5;

const usersOf = ({ later }: Trial): number[] => [...later.keys()].filter((user) => (later[user]?.size ?? 0) > 0);

/** The first items of a user's list. */
class Ranking {
  readonly #trial: Trial;
  readonly #isKnown: Uint8Array;
  readonly #top = new Top(listLength);

  constructor(trial: Trial) {
    this.#trial = trial;
    this.#isKnown = new Uint8Array(trial.items);
  }

  of(user: number, scoreOf: (item: number) => number): number[] {
    const { before, items } = this.#trial;
    const watchedItems = before[user] ?? [];
    for (let at = 0; at < watchedItems.length; at++) this.#isKnown[watchedItems[at] ?? 0] = 1;
    for (let item = 0; item < items; item++) {
      const score = scoreOf(item);
      if (score > this.#top.floor && this.#isKnown[item] === 0) this.#top.add(item, score);
    }
    for (let at = 0; at < watchedItems.length; at++) this.#isKnown[watchedItems[at] ?? 0] = 0;
    return this.#top.take().map(({ item }) => item);
  }
}

class Mean implements Accuracy {
  #recall = 0;
  #ndcg = 0;
  #users = 0;

  get recall(): number {
    return this.#recall / this.#users;
  }
  get ndcg(): number {
    return this.#ndcg / this.#users;
  }

  add(list: readonly number[], later: ReadonlySet<number> = new Set()): void {
    let [hits, gain, best] = [0, 0, 0];
    for (const [place, item] of list.entries())
      if (later.has(item)) {
        hits++;
        gain += 1 / Math.log2(place + 2);
      }
    for (let place = 0; place < Math.min(listLength, later.size); place++) best += 1 / Math.log2(place + 2);
    this.#recall += hits / later.size;
    this.#ndcg += gain / best;
    this.#users++;
  }
}
