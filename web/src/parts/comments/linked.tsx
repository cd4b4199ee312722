import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { asFailure } from "#base/api/request/failure.ts";
import type { Comment, Video } from "#base/api/types.ts";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { CommentsSkeleton } from "./comment-list.tsx";
import { type CommentPage, linkedQuery } from "./comment-queries.ts";
import { CommentRow } from "./comment-row.tsx";

interface LinkedProps {
  id: number;
  video: Video;
  /** The comments that are being deleted. */
  hidden: ReadonlySet<number>;
  onSeek: (seconds: number) => void;
}

/** The comment whose link was followed, above the others, which come no sooner than it: nothing moves then. */
export function Linked({ children, ...props }: LinkedProps & { children: ReactNode }) {
  const query = useInfiniteQuery(linkedQuery(props.id));
  return (
    <>
      {query.isPending ? <CommentsSkeleton /> : <LinkedThread {...props} query={query} />}
      <div className={query.isPending ? "hidden" : undefined}>{children}</div>
    </>
  );
}

/** The comment with the top of its thread; it has the view and the focus when it comes. */
function LinkedThread({
  id,
  video,
  hidden,
  onSeek,
  query,
}: LinkedProps & { query: UseInfiniteQueryResult<InfiniteData<CommentPage>> }) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const all = query.data?.pages.flatMap((page) => page.list) ?? [];
  const [root, comment] = all.filter((candidate) => candidate.video_id === video.id && !hidden.has(candidate.id));
  const isThere = root !== undefined;
  useEffect(() => {
    if (!isThere) return;
    box.current?.scrollIntoView({ block: "center" });
    box.current?.focus({ preventScroll: true });
  }, [id, isThere]);
  if (query.isError && query.data === undefined) {
    if (asFailure(query.error).status === 404) return <p className="mt-4 text-soft">{t("comments.linkedGone")}</p>;
    return <LoadFailed query={query} />;
  }
  if (root === undefined) return null;
  const row = (shown: Comment) => (
    <CommentRow key={shown.id} comment={shown} root={root} video={video} onSeek={onSeek} />
  );
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={t("comments.linked")}
      className="mt-4 scroll-mt-16 rounded-xl border border-accent-strong px-3 pt-2"
    >
      <p className="text-xs font-medium text-soft">{t("comments.linked")}</p>
      <ul>{row(root)}</ul>
      {comment !== undefined && <ul className="ms-6 border-s border-line ps-4">{row(comment)}</ul>}
    </section>
  );
}
