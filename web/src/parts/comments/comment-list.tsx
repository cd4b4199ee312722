import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { commentsQuery, type Sort } from "./comment-queries.ts";
import { CommentRow } from "./comment-row.tsx";
import { useRemoved } from "./removal.ts";

interface CommentListProps {
  video: Video;
  sort: Sort;
  onSeek: (seconds: number) => void;
}

/** The comments on a video, or why there are none. */
export function CommentList({ video, sort, onSeek }: CommentListProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useInfiniteQuery(commentsQuery(video.id, sort));
  const { hidden } = useRemoved(video.id);
  const rows = (query.data?.pages.flatMap((page) => page.list) ?? []).filter(({ id }) => !hidden.has(id));
  return (
    <>
      {query.isPending && <CommentsSkeleton />}
      {query.isError && rows.length === 0 && (
        <div className="flex flex-wrap items-center gap-3 py-4">
          <p role="alert">{text(query.error)}</p>
          <Button onPress={() => void query.refetch()}>{t("action.retry")}</Button>
        </div>
      )}
      {query.isSuccess && rows.length === 0 && !query.hasNextPage && video.allow_comment && (
        <p className="py-6 text-center text-soft">{t("comments.empty")}</p>
      )}
      <ul>
        {rows.map((comment) => (
          <CommentRow key={comment.id} comment={comment} root={comment} video={video} onSeek={onSeek} />
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}

/** The shape of comments that are on their way. */
export const CommentsSkeleton = () => (
  <div aria-busy className="flex flex-col gap-5 py-2">
    {[0, 1, 2].map((place) => (
      <div key={place} className="flex gap-3">
        <Skeleton className="size-9 rounded-full!" />
        <div className="flex flex-1 flex-col gap-2">
          <Skeleton className="h-3 w-24" />
          <Skeleton className="h-4 w-4/5" />
        </div>
      </div>
    ))}
  </div>
);

/** The heading with the number of comments, and their order. */
export function CommentsHead({ video, sort, onSort }: { video: Video; sort: Sort; onSort: (sort: Sort) => void }) {
  const { t, i18n } = useTranslation();
  const removed = useRemoved(video.id);
  const count = Math.max(0, video.comment_count - removed.count);
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1">
      <h2 id="comments-title" tabIndex={-1} className="flex-1 text-base font-semibold">
        {t("comments.heading")}
        {count > 0 && (
          <>
            {" "}
            <span className="tabular font-normal text-soft">{formatCount(count, i18n.language)}</span>
          </>
        )}
      </h2>
      {count > 1 && (
        <div role="group" aria-label={t("comments.sort")} className="flex rounded-lg bg-raised p-0.5">
          {(["hot", "new"] as const).map((order) => (
            <button
              key={order}
              type="button"
              aria-pressed={sort === order}
              onClick={() => onSort(order)}
              className={classNames(
                "min-h-10 rounded-md px-3 text-sm font-medium pointer-fine:min-h-8",
                sort === order ? "bg-strong" : "text-soft",
              )}
            >
              {t(`comments.sort.${order}`)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
