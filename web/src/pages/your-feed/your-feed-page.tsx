import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { MeSkeleton } from "#base/ui/states/me-skeleton.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { Foot } from "./foot.tsx";
import { Interests } from "./interests.tsx";
import { Mutes } from "./mutes.tsx";
import { PersonalSwitch, Weights } from "./weights.tsx";
import { feedSettingsQuery, interestsQuery, mutesQuery } from "./your-feed-queries.ts";

/** The ingredients of the feed, for its viewer to see and change. */
export function YourFeedPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("nav.yourFeed"));
  if (me === null)
    return (
      <State drawing={<ShelfDrawing />} title={t("nav.yourFeed")} text={t("yourFeed.login")}>
        <LinkButton to="/login" search={{ next: "/your-feed" }}>
          {t("nav.login")}
        </LinkButton>
        <LinkButton look="main" to="/signup" search={{ next: "/your-feed" }}>
          {t("nav.signup")}
        </LinkButton>
      </State>
    );
  return (
    <div className="mx-auto -mb-6 flex min-h-[calc(100dvh-var(--bar)-var(--top))] max-w-2xl flex-col px-4 sm:px-6 sm:pt-6">
      <header className="flex min-h-14 items-center gap-1 sm:mb-3 sm:min-h-0">
        <Link
          to="/me"
          aria-label={t("yourFeed.back")}
          className="-ms-3 grid size-11 place-items-center rounded-full hover:bg-raised sm:hidden"
        >
          <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        <h1 className="text-xl font-semibold sm:text-2xl">{t("nav.yourFeed")}</h1>
      </header>
      {me === undefined ? <MeSkeleton className="h-96 rounded-2xl!" /> : <Parts userId={me.id} />}
    </div>
  );
}

/** All parts come together: none of them moves another. */
function Parts({ userId }: { userId: number }) {
  const settings = useQuery(feedSettingsQuery);
  const interests = useQuery(interestsQuery);
  const mutes = useInfiniteQuery(mutesQuery);
  const all = [settings, interests, mutes];
  const failed = all.find(({ isError, data }) => isError && data === undefined);
  if (failed !== undefined)
    return (
      <ErrorState
        error={failed.error}
        isRetrying={all.some(({ isFetching }) => isFetching)}
        onRetry={() => {
          for (const { data, refetch } of all) if (data === undefined) void refetch();
        }}
      />
    );
  if (settings.data === undefined || interests.data === undefined || mutes.data === undefined) return <Waiting />;
  return (
    <>
      <div className="flex flex-1 flex-col gap-4 pb-6">
        <PersonalSwitch settings={settings.data} />
        <Interests interests={interests.data} />
        <Weights settings={settings.data} />
        <Mutes rows={mutes.data.pages.flatMap(({ list }) => list)} query={mutes} userId={userId} />
      </div>
      <Foot />
    </>
  );
}

const chipWidths = ["w-42", "w-34", "w-48", "w-36", "w-40", "w-44"];

function Waiting() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-16 rounded-2xl!" />
      <Skeleton className="h-5 w-44" />
      <div className="flex flex-wrap gap-2">
        {chipWidths.map((width) => (
          <Skeleton key={width} className={`h-11 rounded-full! ${width}`} />
        ))}
      </div>
      <Skeleton className="h-64 rounded-2xl!" />
      <Skeleton className="h-5 w-28" />
      <Skeleton className="h-11 rounded-full!" />
    </div>
  );
}
