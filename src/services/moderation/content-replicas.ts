import type { Kind } from "#events/moderation";
import type { Call, Host } from "#kernel";
import { createReplicaProjection } from "#kernel/db/projection";
import { interaction } from "#services/interaction/contract";
import { live } from "#services/live/contract";
import { video } from "#services/video/contract";
import * as store from "./store.ts";
import { liveThing, playlistThing, postThing, type Thing, videoThing } from "./things.ts";

/** A batch of an owner's rows after an id, as they can be reported. */
type OwnedThings = (page: { readonly after: number; readonly limit: number }, call: Call) => Promise<readonly Thing[]>;

/** Replica rows of content that can be reported, compared with its owners. */
export function contentReplicasOf({ db, client }: Pick<Host<store.Tables>, "db" | "client">) {
  const videos = createReplicaProjection({
    listStored: (after, limit) => store.things(db, "video", after, limit),
    listOwned: async (page, call) => (await client(video).batch(page, call)).items,
    idOf: ({ videoId }) => videoId,
    async repair(deleted, owned, _, stored) {
      const findings: string[] = [];
      for (const { id } of deleted) {
        await db.tx(async (tx) => {
          await store.deleteThing(tx, "video", id);
          await store.deletePosts(tx, id);
        });
        findings.push(`video ${id} is deleted and has a replica row`);
      }
      for (const content of owned) {
        const thing = videoThing(content);
        // Content that was never public has no row.
        if (!thing.is_visible && !stored.has(thing.id)) continue;
        if (await db.tx((tx) => store.putThing(tx, thing)))
          findings.push(`video ${thing.id} has an outdated replica row`);
      }
      return findings;
    },
  });

  /** Content of which every row has a replica row. `name`: what a finding calls it. */
  const wholeReplica = (kind: Kind, owned: OwnedThings, name: string = kind) =>
    createReplicaProjection({
      listStored: (after, limit) => store.things(db, kind, after, limit),
      listOwned: owned,
      idOf: ({ id }) => id,
      async repair(deleted, things) {
        const findings: string[] = [];
        for (const { id } of deleted) {
          await db.tx((tx) => store.deleteThing(tx, kind, id));
          findings.push(`${name} ${id} is deleted and has a replica row`);
        }
        for (const thing of things)
          if (await db.tx((tx) => store.putThing(tx, thing)))
            findings.push(`${name} ${thing.id} has an outdated replica row`);
        return findings;
      },
    });

  const playlists = wholeReplica("playlist", async (page, call) =>
    (await client(video).playlistBatch(page, call)).items.map(playlistThing),
  );
  const lives = wholeReplica(
    "live",
    async (page, call) => (await client(live).batch(page, call)).items.map(liveThing),
    "live room",
  );
  const posts = (kind: "comment" | "danmaku") =>
    wholeReplica(kind, async (page, call) =>
      (await client(interaction).batch({ ...page, kind }, call)).items.map((post) => postThing(kind, post)),
    );

  return [videos, playlists, lives, posts("comment"), posts("danmaku")];
}
