import { liveRecorded } from "#events/live";
import { danmakuCreated } from "#events/interaction";
import { type Host, job, on, type Id, type Subscription, type Tx } from "#kernel";
import { firstCharacters } from "#kernel/text";
import { deletedAmong } from "#policy/copies/deleted-users";
import { live } from "#services/live/contract";
import { danmakuLengthMax } from "../contract.ts";
import type { Tables } from "../store.ts";
import * as danmakuStore from "./danmaku-store.ts";

const white = 0xffffff;
const kind = "live-chat";

interface Recorded {
  readonly liveId: Id;
  readonly videoId: Id;
}

/** Shows the chat of a live room as danmaku over its recording, at the same times. */
export function createLiveChat({ client, call, jobs, nextId, emitAll }: Host<Tables>) {
  const subscriptions: Subscription<Tables>[] = [
    on(liveRecorded, async (tx: Tx<Tables>, { liveId, videoId }) => {
      await jobs.add(tx, kind, { payload: { liveId, videoId }, uniqueKey: String(videoId) });
    }),
  ];

  const copy = job<Recorded>({
    kind,
    concurrency: 1,
    attemptsMax: 12,
    leaseMs: 60_000,
    async run(running) {
      const { liveId: id, videoId } = running.payload;
      let after: number | null = 0;
      while (after !== null) {
        running.signal.throwIfAborted();
        const from: number = after;
        const { items, next } = await client(live).recordedChat({ id, videoId, after: from }, call());
        await running.step(async (tx: Tx<Tables>) => {
          const last = items.at(-1)?.seq;
          if (last === undefined) return;
          const copied = await danmakuStore.advanceLiveChat(tx, videoId, last);
          const deleted = await deletedAmong(
            tx,
            items.map(({ userId }) => userId),
          );
          const rows = items
            // A job that is tried again begins anew: what is copied comes once.
            .filter(({ userId, seq }) => seq > copied && !deleted.has(userId))
            .map(({ userId, positionMs, content, createdAtMs }) => ({
              id: nextId(),
              video_id: videoId,
              user_id: userId,
              position_ms: positionMs,
              content: firstCharacters(content, danmakuLengthMax).toWellFormed(),
              color: white,
              mode: "scroll",
              created_at_ms: createdAtMs,
            }));
          if (!(await danmakuStore.insertAll(tx, videoId, rows))) return;
          await emitAll(
            tx,
            danmakuCreated,
            rows.map((row) => ({
              key: videoId,
              payload: {
                danmakuId: row.id,
                videoId,
                userId: row.user_id,
                positionMs: row.position_ms,
                content: row.content,
                atMs: row.created_at_ms,
              },
            })),
          );
        });
        after = next;
      }
      await running.finish(async () => undefined);
    },
  });

  return { subscriptions, jobs: [copy] };
}
