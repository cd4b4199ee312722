import type { Scorer } from "./filter.ts";
import { lanes } from "./kernel.ts";
import { Top } from "./top.ts";

/**
 * For each item the others that go with it: the highest scores of a history that is this item alone. Row `i` is at
 * `i · width`, the highest first; places without a score have the item -1.
 */
export interface ItemTable {
  readonly width: number;
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/** @param items how many there are; those that nobody watched have empty rows */
export function itemTableOf(scorer: Scorer, items: number, width: number): ItemTable {
  const table = {
    width,
    items: new Int32Array(items * width).fill(-1),
    scores: new Float32Array(items * width),
  };
  const top = new Top(width);
  for (let from = 0; from < items; from += lanes) {
    const block = Array.from({ length: Math.min(lanes, items - from) }, (_, lane) => [from + lane]);
    const scores = scorer(block);
    for (const [lane, [rowItem = 0]] of block.entries()) {
      for (let item = 0; item < items; item++) {
        const score = scores[item * lanes + lane] ?? 0;
        // A score below zero says that two items do not go together: it would take a place of one that does.
        if (score > 0 && score > top.floor) top.add(item, score);
      }
      for (const [place, { item, score }] of top.take().entries()) {
        table.items[rowItem * width + place] = item;
        table.scores[rowItem * width + place] = score;
      }
    }
  }
  return table;
}

/** Adds the rows of a history's items, each by its weight, to `scores`, which has a number for each item. */
export function addRows(
  table: ItemTable,
  history: Iterable<readonly [item: number, weight: number]>,
  scores: Float64Array,
): void {
  for (const [rowItem, weight] of history)
    for (let at = rowItem * table.width; at < (rowItem + 1) * table.width; at++) {
      const item = table.items[at] ?? -1;
      if (item < 0) break;
      scores[item] = (scores[item] ?? 0) + weight * (table.scores[at] ?? 0);
    }
}
