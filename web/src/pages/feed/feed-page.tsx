import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type FeedName, feedQuery, suggestionsQuery, useMe } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { Later } from "#base/ui/loading/later.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { ScreenDrawing } from "#base/ui/states/illustrations.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { FeedList } from "./feed-list.tsx";
import { FeedTabs } from "./feed-tabs.tsx";

const FollowingInvitation = lazyPart(() => import("./following-invitation.tsx"), "FollowingInvitation");
const SuggestedPeople = lazyPart(() => import("./suggested-people.tsx"), "SuggestedPeople");

const titles = { "for-you": "feed.tab.forYou", following: "feed.tab.following", hot: "feed.tab.hot" } as const;

/** One video a screen. */
export function FeedPage({ name }: { name: FeedName }) {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(name === "for-you" ? undefined : t(titles[name]));
  const isVisitor = name === "following" && me === null;
  const feed = useInfiniteQuery({ ...feedQuery(name), enabled: !isVisitor });
  const videos = isVisitor ? [] : (feed.data?.pages.flatMap((page) => page.list) ?? []);
  return (
    <div data-theme="dark" className="feed-page bg-page text-ink">
      <h1 className="sr-only">{t(titles[name])}</h1>
      {feed.isPending && !isVisitor ? (
        <FeedSkeleton name={name} />
      ) : videos.length > 0 ? (
        <Later key={name} fallback={<FeedSkeleton name={name} />}>
          <FeedList
            name={name}
            videos={videos}
            hasMore={feed.hasNextPage}
            isFetching={feed.isFetchingNextPage}
            error={feed.isFetchNextPageError ? feed.error : null}
            onMore={() => {
              if (!feed.isFetchingNextPage) void feed.fetchNextPage();
            }}
          />
          <EarlyCoverEnd />
        </Later>
      ) : (
        <div className="relative flex size-full items-center">
          <FeedTabs current={name} isMuted onMute={() => undefined} />
          {isVisitor ? (
            <FollowingInvitation />
          ) : feed.isError ? (
            <ErrorState error={feed.error} onRetry={() => void feed.refetch()} />
          ) : (
            <FeedEmpty name={name} isBusy={feed.isFetching} onRefresh={() => void feed.refetch()} />
          )}
        </div>
      )}
    </div>
  );
}

/** The cover that `early/boot.js` showed goes when the feed is there, or is left. */
function EarlyCoverEnd() {
  useEffect(() => document.querySelector(".early-cover")?.remove(), []);
  return null;
}

interface FeedEmptyProps {
  name: FeedName;
  isBusy: boolean;
  onRefresh: () => void;
}

/** Why there is nothing in a feed, with the way to something. */
function FeedEmpty({ name, isBusy, onRefresh }: FeedEmptyProps) {
  const { t } = useTranslation();
  if (name === "following") return <FollowingEmpty isBusy={isBusy} onRefresh={onRefresh} />;
  return (
    <State drawing={<ScreenDrawing />} title={t("feed.empty.title")} text={t("feed.empty.text")}>
      <LinkButton look="main" to="/upload">
        {t("feed.empty.action")}
      </LinkButton>
    </State>
  );
}

/** Users to follow; their videos come when the viewer asks for them, so that several can be followed. */
function FollowingEmpty({ isBusy, onRefresh }: Pick<FeedEmptyProps, "isBusy" | "onRefresh">) {
  const { t } = useTranslation();
  const { data: suggested = [] } = useQuery(suggestionsQuery);
  const followsSome = suggested.some((user) => user.is_followed);
  return (
    <State drawing={<ScreenDrawing />} title={t("feed.following.title")} text={t("feed.following.text")}>
      <SuggestedPeople />
      {followsSome && (
        <Button look="main" isBusy={isBusy} onPress={onRefresh}>
          {t("feed.following.watch")}
        </Button>
      )}
      <LinkButton look={followsSome ? "plain" : "main"} to="/explore">
        {t("nav.explore")}
      </LinkButton>
    </State>
  );
}

/** The shape of a card while the first one is on its way. */
function FeedSkeleton({ name }: { name: FeedName }) {
  return (
    <div className="feed relative flex-1" aria-busy>
      <FeedTabs current={name} isMuted onMute={() => undefined} />
      <div className="feed-card" style={{ "--ratio": 9 / 16 }}>
        <div className="feed-stage bg-surface">
          <div className="absolute bottom-5 start-4 flex flex-col gap-2.5">
            <Skeleton className="h-5 w-32" />
            <Skeleton className="h-4 w-56" />
            <Skeleton className="h-4 w-40" />
          </div>
        </div>
        <div className="feed-rail flex w-12 flex-col items-center gap-5">
          {[0, 1, 2, 3].map((place) => (
            <Skeleton key={place} className="size-12 rounded-full!" />
          ))}
        </div>
      </div>
    </div>
  );
}
