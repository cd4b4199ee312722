import { userRegistered, userRoleChanged } from "#events/auth";
import { commentCreated, commentDeleted, commentEdited, danmakuCreated } from "#events/interaction";
import { liveCreated, liveDeleted, liveEnded, liveStarted, liveUpdated } from "#events/live";
import { playlistDeleted, playlistUpdated, videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { contentFlagged } from "#events/moderation";
import { audited, type Host, on, type Subscription, type Tx } from "#kernel";
import { erase } from "#policy/copies/deleted-users";
import * as auditStore from "./audit-store.ts";
import * as caseStore from "./case-store.ts";
import * as store from "./store.ts";
import { liveThing, playlistThing, postThing, videoThing } from "./things.ts";

type Tables = store.Tables;

async function putRoom(tx: Tx<Tables>, room: Parameters<typeof liveThing>[0]): Promise<void> {
  await store.putThing(tx, liveThing(room));
}

/** Replica rows of users and their content, cases of flagged content, and the audit trail, by events. */
export const subscriptionsOf = ({
  emit,
  now,
  nextId,
}: Pick<Host<Tables>, "emit" | "now" | "nextId">): Subscription<Tables>[] => [
  on(audited, (tx: Tx<Tables>, { act, actorId, subject, detail, atMs }) =>
    auditStore
      .insert(tx, {
        id: nextId(),
        act,
        actor_id: actorId ?? null,
        subject_kind: subject?.kind ?? null,
        subject_id: subject?.id ?? null,
        detail: detail ?? "",
        at_ms: atMs,
      })
      .then(() => undefined),
  ),
  on(userRegistered, async (tx: Tx<Tables>, { userId, role = "user" }) => void (await store.putRole(tx, userId, role))),
  on(userRoleChanged, async (tx: Tx<Tables>, { userId, role }) => void (await store.putRole(tx, userId, role))),
  on(videoPublished, async (tx: Tx<Tables>, event) => void (await store.putThing(tx, videoThing(event)))),
  on(videoUpdated, async (tx: Tx<Tables>, event) => void (await store.putThing(tx, videoThing(event)))),
  on(videoDeleted, async (tx: Tx<Tables>, { videoId }) => {
    await store.deleteThing(tx, "video", videoId);
    await store.deletePosts(tx, videoId);
  }),
  on(playlistUpdated, async (tx: Tx<Tables>, event) => void (await store.putThing(tx, playlistThing(event)))),
  on(
    playlistDeleted,
    async (tx: Tx<Tables>, { playlistId }) => void (await store.deleteThing(tx, "playlist", playlistId)),
  ),
  on(liveCreated, putRoom),
  on(liveUpdated, putRoom),
  on(liveStarted, putRoom),
  on(liveEnded, putRoom),
  on(liveDeleted, async (tx: Tx<Tables>, { liveId }) => void (await store.deleteThing(tx, "live", liveId))),
  on(commentCreated, async (tx: Tx<Tables>, { commentId, ...comment }) => {
    await store.putThing(tx, postThing("comment", { ...comment, id: commentId }));
  }),
  on(commentEdited, async (tx: Tx<Tables>, { commentId, ...comment }) => {
    await store.putThing(tx, postThing("comment", { ...comment, id: commentId }));
  }),
  on(commentDeleted, async (tx: Tx<Tables>, { commentId, isAside }) => {
    if (!isAside) await store.deleteThing(tx, "comment", commentId);
  }),
  on(danmakuCreated, async (tx: Tx<Tables>, { danmakuId, ...comment }) => {
    await store.putThing(tx, postThing("danmaku", { ...comment, id: danmakuId }));
  }),
  on(contentFlagged, async (tx: Tx<Tables>, { kind, id, authorId, videoId, excerpt, heldFor, isHeld, atMs }) => {
    if (!(await store.lockUser(tx, authorId))) return;
    const row = await caseStore.open(tx, {
      id: nextId(),
      kind,
      thing_id: id,
      author_id: authorId,
      video_id: videoId,
      excerpt,
      created_at_ms: atMs,
    });
    await caseStore.flag(tx, row.id, heldFor, isHeld);
  }),
  erase("moderation", emit, (tx: Tx<Tables>, { userId }) => store.eraseUser(tx, userId, now())),
];
