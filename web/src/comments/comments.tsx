import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "../api/types.ts";
import { formatCount } from "../format/format.ts";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { LoadMore } from "../ui/load-more.tsx";
import { useErrorText } from "../ui/states.tsx";
import { CommentForm } from "./comment-form.tsx";
import { commentsQuery, type Sort } from "./comment-queries.ts";
import { CommentRow } from "./comment-row.tsx";
import { Linked } from "./linked.tsx";
import { useRemoved } from "./removal.ts";

interface CommentsProps {
  video: Video;
  /** The one whose link was followed; it stands above the others too. */
  linked: number | undefined;
  onSeek: (seconds: number) => void;
}

/** The comments on a video. */
export function Comments({ video, linked, onSeek }: CommentsProps) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const [sort, setSort] = useState<Sort>("hot");
  const query = useInfiniteQuery(commentsQuery(video.id, sort));
  const removed = useRemoved(video.id);
  const all = query.data?.pages.flatMap((page) => page.list) ?? [];
  const rows = all.filter(({ id }) => !removed.hidden.has(id));
  const count = Math.max(0, video.comment_count - removed.count);
  const formatted = formatCount(count, i18n.language);
  return (
    <section aria-labelledby="comments-title" className="mt-6 px-4 sm:px-0">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 id="comments-title" tabIndex={-1} className="text-lg font-semibold">
          {t("comments.title", { count, formatted })}
        </h2>
        {count > 1 && (
          <div role="group" aria-label={t("comments.sort")} className="flex rounded-lg bg-raised p-0.5">
            {(["hot", "new"] as const).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={sort === one}
                onClick={() => setSort(one)}
                className={classNames("min-h-10 rounded-md px-3 text-sm", sort === one && "bg-surface font-semibold")}
              >
                {t(`comments.sort.${one}`)}
              </button>
            ))}
          </div>
        )}
      </div>
      {video.allow_comment ? (
        <CommentForm video={video} />
      ) : (
        <p className="rounded-xl bg-raised px-4 py-3 text-soft">{t("comments.off")}</p>
      )}
      {query.isPending && (
        <div aria-busy className="mt-4 flex flex-col gap-3">
          <div className="skeleton h-14" />
          <div className="skeleton h-14" />
        </div>
      )}
      {query.isError && rows.length === 0 && (
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <p role="alert">{text(query.error)}</p>
          <Button onPress={() => void query.refetch()}>{t("action.retry")}</Button>
        </div>
      )}
      {query.isSuccess && rows.length === 0 && !query.hasNextPage && video.allow_comment && (
        <p className="mt-4 text-soft">{t("comments.empty")}</p>
      )}
      {linked !== undefined && <Linked id={linked} video={video} hidden={removed.hidden} onSeek={onSeek} />}
      <ul className="mt-2">
        {rows.map((comment) => (
          <CommentRow key={comment.id} comment={comment} root={comment} video={video} onSeek={onSeek} />
        ))}
      </ul>
      <LoadMore query={query} />
    </section>
  );
}
