import type { Id } from "#kernel";
import { CoVisits } from "../learner/co-visits.ts";
import { sizesFor } from "../model/trained-model.ts";
import { type Accuracy, listAccuracy, tableAccuracy } from "../recall/accuracy.ts";
import { filterOf, type RecallSettings } from "../recall/filter.ts";
import { interactionsOf } from "../recall/interactions.ts";
import { itemTableOf } from "../recall/item-table.ts";
import { utilityOf } from "../signals/signal.ts";
import type { Split } from "./split.ts";

/** A list of recommendations, with how much of the test it finds; undefined where it cannot be made. */
export interface ListAccuracy {
  readonly list: "model" | "co-visits" | "most watched" | "newest";
  readonly accuracy: Accuracy | undefined;
}

interface ComparisonParts {
  /** The settings of the model that most viewers have; undefined before there is one. */
  readonly settings: RecallSettings | undefined;
  readonly publishedAtMs: (videoId: Id) => number;
  readonly random: () => number;
}

/** Entries of a row, as feeds use them. */
const width = 200;

/** How much each list finds of what users watched later, when it knows only what was before. */
export function comparisonOf(split: Split, { settings, publishedAtMs, random }: ComparisonParts): ListAccuracy[] {
  const { items, before, videoIds } = split;
  const watched = new Float64Array(items);
  for (const item of before.flat()) watched[item] = (watched[item] ?? 0) + 1;
  const published = Float64Array.from(videoIds, publishedAtMs);
  return [
    { list: "model", accuracy: modelAccuracy(split, settings, random) },
    { list: "co-visits", accuracy: coVisitsAccuracy(split) },
    { list: "most watched", accuracy: listAccuracy(split, () => watched) },
    { list: "newest", accuracy: listAccuracy(split, () => published) },
  ];
}

/** The served model has learned the test as well, so a table is made of the past with its settings. */
function modelAccuracy(split: Split, settings: RecallSettings | undefined, random: () => number): Accuracy | undefined {
  const { before, items } = split;
  const size = sizesFor(before.length, items).findLast((candidate) => candidate <= (settings?.size ?? 0));
  if (settings === undefined || size === undefined) return undefined;
  const scorer = filterOf(interactionsOf(before, items), size, random).scorer({ ...settings, size });
  return tableAccuracy(itemTableOf(scorer, items, Math.min(width, items)), split);
}

function coVisitsAccuracy(split: Split): Accuracy | undefined {
  const { past, before, videoIds, items } = split;
  const last = past.at(-1);
  if (!last) return undefined;
  const visits = new CoVisits(last.changedAtMs);
  for (const signal of past) visits.add(signal.userId, signal.videoId, utilityOf(signal), signal.changedAtMs);
  const places = new Map(videoIds.map((videoId, place) => [videoId, place]));
  const scores = new Float64Array(items);
  return listAccuracy(split, (user) => {
    // Videos without co-visits are in no list.
    scores.fill(Number.NEGATIVE_INFINITY);
    for (const item of before[user] ?? []) {
      const { weights } = visits.of(videoIds[item] ?? 0, last.changedAtMs);
      const best = Math.max(...weights.values());
      for (const [videoId, weight] of weights) {
        const place = places.get(videoId) ?? 0;
        scores[place] = Math.max(0, scores[place] ?? 0) + weight / best;
      }
    }
    return scores;
  });
}
