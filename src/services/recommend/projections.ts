import type { Host } from "#kernel";
import { createReplicaProjection, type Projection } from "#kernel/db/projection";
import { interaction } from "#services/interaction/contract";
import { video } from "#services/video/contract";
import { setViews } from "./activity-store.ts";
import { candidateOf } from "./candidate.ts";
import * as store from "./store.ts";

/** The copy of videos, and their counts of views. A hot score has forgotten the times that it was made of, and stays. */
export const projectionsOf = ({ db, client, log }: Host<store.Tables>): readonly Projection[] => [
  createReplicaProjection({
    listStored: (after, limit) => store.listedCandidates(db, after, limit),
    listOwned: async (page, call) => (await client(video).batch(page, call)).items,
    idOf: ({ videoId }) => videoId,
    async repair(deleted, owned, call) {
      const findings: string[] = [];
      for (const { id } of deleted) {
        await db.tx((tx) => store.deleteCandidate(tx, id));
        findings.push(`video ${id} is deleted and was in the feed`);
      }
      for (const entry of owned)
        if (await db.tx((tx) => store.storeCandidate(tx, candidateOf(entry))))
          findings.push(`video ${entry.videoId} differed in the feed`);
      try {
        const videoIds = owned.map(({ videoId }) => videoId);
        const { items } = await client(interaction).states({ videoIds }, call);
        const wrong = await db.tx((tx) => setViews(tx, items));
        findings.push(...wrong.map((id) => `video ${id} was listed by a wrong number of views`));
      } catch (err) {
        // Counts only order lists: where their owner is away, they are left as they are.
        log.warn("views could not be compared", { err });
      }
      return findings;
    },
  }),
];
