import { keyOf } from "#base/api/keys.ts";
import { patchVideo } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Comment, Video } from "#base/api/types.ts";
import { deletions } from "#base/ui/sheets/deleting.ts";
import { dropComment, inAll } from "./comment-queries.ts";

/** A comment that is being deleted, with its thread where it is at the top of one. */
interface Removed {
  readonly videoId: number;
  readonly rootId: number | null;
  readonly count: number;
}
const removed = new Map<number, Removed>();

const { useHidden, deleteLater } = deletions(async (id) => {
  try {
    await ask("interaction.unsay", { path: { id }, keepalive: true });
  } catch (thrown) {
    // It went with its thread, or another user was faster: it is as was asked for.
    if (asFailure(thrown).status !== 404) throw thrown;
    dropComment(id);
    return;
  }
  dropComment(id);
  const { videoId, rootId, count } = removed.get(id) ?? { videoId: 0, rootId: null, count: 0 };
  inAll((list) =>
    list.map((listed) =>
      listed.id === rootId ? { ...listed, reply_count: Math.max(0, listed.reply_count - 1) } : listed,
    ),
  );
  const video = queryClient.getQueryData<Video>(keyOf("video", videoId));
  if (video) patchVideo(videoId, { comment_count: Math.max(0, video.comment_count - count) });
});

/** The comments that are being deleted, of all videos. */
export { useHidden };

/** Hides a comment immediately and deletes it unless the user undoes that in time. Returns the undo. */
export function removeLater(comment: Comment, onFailed: (thrown: unknown) => void): () => void {
  const { id, video_id: videoId, root_id: rootId } = comment;
  removed.set(id, { videoId, rootId, count: 1 + (rootId === null ? comment.reply_count : 0) });
  return deleteLater(id, onFailed);
}

/** The hidden comments of a video, and how many are missing under it and in each thread. */
export function useRemoved(videoId: number) {
  const hidden = useHidden();
  const pending = [...hidden].flatMap((id) => removed.get(id) ?? []).filter((removal) => removal.videoId === videoId);
  const repliesTo = (rootId: number) => pending.filter((removal) => removal.rootId === rootId).length;
  // An answer in a thread that goes is counted with the thread.
  const count = pending
    .filter(({ rootId }) => rootId === null || !hidden.has(rootId))
    .reduce((sum, removal) => sum + removal.count, 0);
  return { hidden, repliesTo, count };
}
