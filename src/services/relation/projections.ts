import type { Host } from "#kernel";
import { createCountProjection } from "#kernel/db/counts";
import type { Projection } from "#kernel/db/projection";
import { counts, repairMutual, wrongMutuals } from "./count-store.ts";
import type { Pair, Tables } from "./store.ts";

const batchSize = 500;

const sentenceOf = ({ userId, targetId }: Pair): string =>
  `what is between user ${userId} and ${targetId} did not say whether they follow each other`;

export const projectionsOf = ({ db }: Host<Tables>): readonly Projection[] => [
  createCountProjection(db, counts),
  {
    async *drift() {
      for (const pair of await wrongMutuals(db, batchSize)) yield sentenceOf(pair);
    },
    async *repair() {
      for (;;) {
        const wrong = await wrongMutuals(db, batchSize);
        for (const pair of wrong) {
          await db.tx((tx) => repairMutual(tx, pair));
          yield sentenceOf(pair);
        }
        if (wrong.length < batchSize) return;
      }
    },
  },
];
