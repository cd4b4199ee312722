import type { Host } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import type { Derived } from "#kernel/db/projection";
import { counts, mark, misMarked } from "./count-store.ts";
import type { Pair, Tables } from "./store.ts";

const atOnce = 500;

const sentenceOf = ({ userId, targetId }: Pair): string =>
  `what is between user ${userId} and ${targetId} did not say whether they follow each other`;

export const derivedOf = ({ db }: Host<Tables>): readonly Derived[] => [
  countsOf(db, counts),
  {
    async *drift() {
      for (const pair of await misMarked(db, atOnce)) yield sentenceOf(pair);
    },
    async *repair() {
      for (;;) {
        const wrong = await misMarked(db, atOnce);
        for (const pair of wrong) {
          await db.tx((tx) => mark(tx, pair));
          yield sentenceOf(pair);
        }
        if (wrong.length < atOnce) return;
      }
    },
  },
];
