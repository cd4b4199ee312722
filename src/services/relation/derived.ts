import type { Host } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import type { Derived } from "#kernel/derived";
import { counts, mark, misMarked } from "./count-store.ts";
import type { Tables } from "./store.ts";

const atOnce = 500;

export const derivedOf = ({ db }: Host<Tables>): readonly Derived[] => [
  countsOf(db, counts),
  {
    isExact: true,
    async *repair() {
      for (;;) {
        const wrong = await misMarked(db, atOnce);
        for (const pair of wrong) {
          await db.tx((tx) => mark(tx, pair));
          yield `what is between user ${pair.userId} and ${pair.targetId} did not say whether they follow each other`;
        }
        if (wrong.length < atOnce) return;
      }
    },
  },
];
