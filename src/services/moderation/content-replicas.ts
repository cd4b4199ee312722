import type { Host } from "#kernel";
import { replicaOf } from "#kernel/db/projection";
import { interaction } from "#services/interaction/contract";
import { live } from "#services/live/contract";
import { video } from "#services/video/contract";
import * as store from "./store.ts";
import { liveThing, playlistThing, postThing, videoThing } from "./things.ts";

/** Replica rows of content that can be reported, compared with its owners. */
export function contentReplicasOf({ db, client }: Pick<Host<store.Tables>, "db" | "client">) {
  const videos = replicaOf({
    stored: (after, limit) => store.things(db, "video", after, limit),
    owned: async (page, call) => (await client(video).batch(page, call)).items,
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

  const playlists = replicaOf({
    stored: (after, limit) => store.things(db, "playlist", after, limit),
    owned: async (page, call) => (await client(video).playlistBatch(page, call)).items,
    idOf: ({ playlistId }) => playlistId,
    async repair(deleted, owned) {
      const findings: string[] = [];
      for (const { id } of deleted) {
        await db.tx((tx) => store.deleteThing(tx, "playlist", id));
        findings.push(`playlist ${id} is deleted and has a replica row`);
      }
      for (const content of owned)
        if (await db.tx((tx) => store.putThing(tx, playlistThing(content))))
          findings.push(`playlist ${content.playlistId} has an outdated replica row`);
      return findings;
    },
  });

  const lives = replicaOf({
    stored: (after, limit) => store.things(db, "live", after, limit),
    owned: async (page, call) => (await client(live).batch(page, call)).items,
    idOf: ({ liveId }) => liveId,
    async repair(deleted, owned) {
      const findings: string[] = [];
      for (const { id } of deleted) {
        await db.tx((tx) => store.deleteThing(tx, "live", id));
        findings.push(`live room ${id} is deleted and has a replica row`);
      }
      for (const room of owned)
        if (await db.tx((tx) => store.putThing(tx, liveThing(room))))
          findings.push(`live room ${room.liveId} has an outdated replica row`);
      return findings;
    },
  });

  const posts = (kind: "comment" | "danmaku") =>
    replicaOf({
      stored: (after, limit) => store.things(db, kind, after, limit),
      owned: async (page, call) => (await client(interaction).batch({ ...page, kind }, call)).items,
      idOf: ({ id }) => id,
      async repair(deleted, owned) {
        const findings: string[] = [];
        for (const { id } of deleted) {
          await db.tx((tx) => store.deleteThing(tx, kind, id));
          findings.push(`${kind} ${id} is deleted and has a replica row`);
        }
        for (const content of owned)
          if (await db.tx((tx) => store.putThing(tx, postThing(kind, content))))
            findings.push(`${kind} ${content.id} has an outdated replica row`);
        return findings;
      },
    });

  return [videos, playlists, lives, posts("comment"), posts("danmaku")];
}
