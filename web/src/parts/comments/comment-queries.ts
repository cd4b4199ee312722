import { infiniteQueryOptions, queryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Comment, Video } from "#base/api/types.ts";

export type Sort = "new" | "hot";

const pageParams = {
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? null,
};

export const commentsQuery = (videoId: number, sort: Sort) =>
  infiniteQueryOptions({
    queryKey: keyOf("comments", videoId, sort),
    queryFn: ({ pageParam, signal }) =>
      ask("interaction.comments", { path: { id: videoId }, query: { cursor: pageParam, sort, page_size: 20 }, signal }),
    ...pageParams,
  });

/**
 * True once the comments of a video are loaded, or it has none to load. Content below them would otherwise be pushed
 * away.
 */
export function useHasComments(video: Video | undefined): boolean {
  const isSaid = video?.status === 1;
  const { isPending } = useInfiniteQuery({ ...commentsQuery(video?.id ?? 0, "hot"), enabled: isSaid });
  return video !== undefined && !(isSaid && isPending);
}

export const repliesQuery = (commentId: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("replies", commentId),
    queryFn: ({ pageParam, signal }) =>
      ask("interaction.replies", { path: { id: commentId }, query: { cursor: pageParam, page_size: 20 }, signal }),
    ...pageParams,
  });

/** One comment apart from its video. */
export const commentQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("comment", id),
    queryFn: ({ signal }) => ask("interaction.comment", { path: { id }, signal }),
  });

/** One comment that was linked to, after the top of its thread where that is another. */
export const linkedQuery = (commentId: number) =>
  infiniteQueryOptions({
    // Among the threads, so that what changes there changes here.
    queryKey: keyOf("replies", "linked", commentId),
    queryFn: async ({ signal }) => {
      const comment = await ask("interaction.comment", { path: { id: commentId }, signal });
      if (comment.root_id === null) return { list: [comment], next_cursor: null };
      return {
        list: [await ask("interaction.comment", { path: { id: comment.root_id }, signal }), comment],
        next_cursor: null,
      };
    },
    ...pageParams,
  });

export interface CommentPage {
  list: Comment[];
}
type Pages = { pages: CommentPage[] };
const lists = [keyOf("comments"), keyOf("replies")] as const;

/** Changes every list of comments there is. */
export const inAll = (change: (list: Comment[]) => Comment[]): void => {
  for (const queryKey of lists)
    queryClient.setQueriesData<Pages>(
      { queryKey },
      (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, list: change(page.list) })) },
    );
};

/** Changes a comment wherever it is shown. */
export const patchComment = (id: number, patch: Partial<Comment>): void =>
  inAll((list) => list.map((comment) => (comment.id === id ? { ...comment, ...patch } : comment)));

/** Takes a comment away wherever it is shown. */
export const dropComment = (id: number): void => inAll((list) => list.filter((comment) => comment.id !== id));

/** Puts a comment where it will be found: at the head of its video, or at the end of its thread. */
export function showComment(comment: Comment): void {
  const isReply = comment.root_id !== null;
  queryClient.setQueriesData<Pages>(
    { queryKey: isReply ? ["replies", comment.root_id] : ["comments", comment.video_id] },
    (data) => {
      const [first, ...olderPages] = data?.pages ?? [];
      const last = data?.pages.at(-1);
      if (!data || !first || !last) return data;
      if (isReply) return { ...data, pages: [...data.pages.slice(0, -1), { ...last, list: [...last.list, comment] }] };
      const pinned = first.list.filter((candidate) => candidate.is_pinned);
      const unpinned = first.list.filter((item) => !item.is_pinned);
      return { ...data, pages: [{ ...first, list: [...pinned, comment, ...unpinned] }, ...olderPages] };
    },
  );
}
