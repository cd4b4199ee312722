import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { feedQuery } from "../api/queries.ts";
import { useTitle } from "../shell/use-title.ts";
import { LinkButton } from "../ui/button.tsx";
import { ScreenDrawing } from "../ui/illustrations.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { FeedList } from "./feed-list.tsx";

/** Landing page: one video a screen. */
export function FeedPage() {
  const { t } = useTranslation();
  useTitle(undefined);
  const feed = useInfiniteQuery(feedQuery);
  const videos = feed.data?.pages.flatMap((page) => page.list) ?? [];
  return (
    <div data-theme="dark" className="bg-page text-ink">
      <h1 className="sr-only">{t("feed.title")}</h1>
      {feed.isPending ? (
        <FeedSkeleton />
      ) : videos.length > 0 ? (
        <FeedList
          videos={videos}
          hasMore={feed.hasNextPage}
          isFetching={feed.isFetchingNextPage}
          error={feed.isFetchNextPageError ? feed.error : null}
          onMore={() => {
            if (!feed.isFetchingNextPage) void feed.fetchNextPage();
          }}
        />
      ) : (
        <div className="flex h-[calc(100dvh-var(--bar))] items-center">
          {feed.isError ? (
            <ErrorState error={feed.error} onRetry={() => void feed.refetch()} />
          ) : (
            <State drawing={<ScreenDrawing />} title={t("feed.empty.title")} text={t("feed.empty.text")}>
              <LinkButton look="main" to="/upload">
                {t("feed.empty.action")}
              </LinkButton>
            </State>
          )}
        </div>
      )}
    </div>
  );
}

/** The shape of a card while the first one is on its way. */
function FeedSkeleton() {
  return (
    <div className="feed" aria-busy>
      <div className="feed-card" style={{ "--ratio": 9 / 16 }}>
        <div className="feed-stage bg-surface">
          <div className="absolute bottom-5 start-4 flex flex-col gap-2.5">
            <div className="skeleton h-5 w-32" />
            <div className="skeleton h-4 w-56" />
            <div className="skeleton h-4 w-40" />
          </div>
        </div>
        <div className="feed-rail flex w-14 flex-col items-center gap-4">
          {[0, 1, 2, 3].map((place) => (
            <div key={place} className="skeleton size-12 rounded-full!" />
          ))}
        </div>
      </div>
    </div>
  );
}
