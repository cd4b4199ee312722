import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Film } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { ReceivedComment } from "#base/api/types.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { ReceivedRow } from "#parts/comments/received-row.tsx";
import { useHidden } from "#parts/comments/removal.ts";
import { StudioSearch } from "./filter-line.tsx";
import { StudioFrame } from "./studio-frame.tsx";

const filters = ["all", "unanswered", "held"] as const;
type Filter = (typeof filters)[number];

/** Among all lists of comments, so that a change of a comment reaches it. */
const receivedQuery = (filter: Filter, q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: keyOf("comments", "received", filter, q),
    queryFn: ({ pageParam, signal }) => {
      const query = { filter, q: q ?? null, cursor: pageParam, page_size: 20 };
      return ask("interaction.receivedComments", { query, signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    staleTime: 0,
  });

export const StudioCommentsPage = () => <StudioFrame tab="comments">{() => <Received />}</StudioFrame>;

function Received() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<Filter>("all");
  const [q, setQ] = useState<string>();
  const hidden = useHidden();
  const query = useInfiniteQuery(receivedQuery(filter, q));
  const comments = (query.data?.pages.flatMap((page) => page.list) ?? []).filter(({ id }) => !hidden.has(id));
  return (
    <>
      <div className="flex min-h-12 flex-wrap items-center gap-2">
        <span className="flex w-full sm:contents">
          <StudioSearch label={t("studio.comments.search")} value="" onSearch={setQ} />
        </span>
        {filters.map((option) => (
          <BareButton
            key={option}
            aria-pressed={filter === option}
            className={chipClass(filter === option)}
            onPress={() => setFilter(option)}
          >
            {t(`studio.comments.${option}`)}
          </BareButton>
        ))}
      </div>
      {query.isPending ? (
        <Skeleton className="mt-3 h-60 rounded-xl!" />
      ) : query.isError && query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : comments.length === 0 && !query.hasNextPage ? (
        <State
          drawing={<ShelfDrawing />}
          title={t("studio.comments.none.title")}
          text={t(filter === "all" && q === undefined ? "studio.comments.none.text" : "studio.none.text")}
        />
      ) : (
        <ul className="mt-2 max-w-4xl">
          {comments.map((comment) => (
            <li key={comment.id} className="flex gap-3 border-b border-line py-2">
              <ul className="min-w-0 flex-1">
                <ReceivedRow comment={comment} />
              </ul>
              <About video={comment.video} commentId={comment.id} />
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={query} className="mt-4" />
    </>
  );
}

/** The video that a comment is on. */
function About({ video, commentId }: { video: ReceivedComment["video"]; commentId: number }) {
  return (
    <Link
      to="/watch/$id"
      params={{ id: video.id }}
      search={{ comment: commentId }}
      className="group w-24 shrink-0 pt-2 text-xs sm:w-44"
    >
      <span className="relative block aspect-video overflow-hidden rounded-lg bg-raised">
        {video.cover_url === "" ? (
          <span className="grid size-full place-items-center text-soft">
            <Film size={20} aria-hidden />
          </span>
        ) : (
          <img src={video.cover_url} alt="" loading="lazy" className="size-full object-cover" />
        )}
      </span>
      <span className="mt-1 line-clamp-2 font-medium group-hover:underline">
        <bdi>{video.title}</bdi>
      </span>
    </Link>
  );
}
