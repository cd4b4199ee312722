import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { CommentForm } from "./comment-form.tsx";
import { CommentList, CommentsHead } from "./comment-list.tsx";
import type { Sort } from "./comment-queries.ts";
import { Linked } from "./linked.tsx";
import { useRemoved } from "./removal.ts";

interface CommentsProps {
  video: Video;
  /** The one whose link was followed; it stands above the others too. */
  linked: number | undefined;
  onSeek: (seconds: number) => void;
}

/** The comments on a video, under it. */
export function Comments({ video, linked, onSeek }: CommentsProps) {
  const { t } = useTranslation();
  const [sort, setSort] = useState<Sort>("hot");
  const { hidden } = useRemoved(video.id);
  const list = (
    <div className="mt-3">
      <CommentList video={video} sort={sort} onSeek={onSeek} />
    </div>
  );
  return (
    <section aria-label={t("comments.heading")} className="mt-6 px-4 sm:px-0">
      <header className="mb-3 flex min-h-11 items-center gap-3">
        <CommentsHead video={video} sort={sort} onSort={setSort} />
      </header>
      <CommentInput video={video} />
      {linked === undefined ? (
        list
      ) : (
        <Linked id={linked} video={video} hidden={hidden} onSeek={onSeek}>
          {list}
        </Linked>
      )}
    </section>
  );
}

/** The field for a comment, or that there are to be none. */
export function CommentInput({ video }: { video: Video }) {
  const { t } = useTranslation();
  if (video.allow_comment) return <CommentForm video={video} />;
  return <p className="rounded-xl bg-raised px-4 py-2.5 text-soft">{t("comments.off")}</p>;
}
