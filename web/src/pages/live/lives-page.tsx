import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Radio } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { Live } from "#base/api/types.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ScreenDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { LiveCard } from "#parts/live/live-card.tsx";
import { livesQuery, ownLivesQuery } from "#parts/live/queries.ts";

const gridClass = "grid grid-cols-1 gap-x-4 gap-y-6 min-[560px]:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4";

/** The rooms that are live, and the viewer's own rooms. */
export function LivesPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("live.now"));
  const lives = useInfiniteQuery(livesQuery);
  const ownLives = useQuery({ ...ownLivesQuery(me?.id ?? 0), enabled: me != null });
  const list = lives.data?.pages.flatMap((page) => page.list) ?? [];
  const rooms = ownLives.data ?? [];
  const isPending = lives.isPending || me === undefined || (me !== null && ownLives.isPending);
  return (
    <div className="mx-auto flex max-w-[110rem] flex-col gap-4 px-4 pt-2 pb-4 sm:px-6 sm:pt-5">
      <header className="flex min-h-11 items-center justify-between gap-3">
        <h1 className="text-xl font-semibold sm:text-2xl">{t("live.now")}</h1>
        {me != null && (list.length > 0 || rooms.length > 0) && (
          <LinkButton look="main" to="/live/new">
            <Radio size={18} aria-hidden />
            {t("live.go")}
          </LinkButton>
        )}
      </header>
      {isPending ? (
        <GridSkeleton />
      ) : (
        <>
          {lives.isError && lives.data === undefined ? (
            <ErrorState error={lives.error} isRetrying={lives.isRefetching} onRetry={() => void lives.refetch()} />
          ) : list.length > 0 ? (
            <Grid lives={list} />
          ) : (
            <Nobody isMember={me !== null} isPart={rooms.length > 0} />
          )}
          <LoadMore query={lives} className="mx-auto w-full max-w-xs" />
          {rooms.length > 0 && (
            <section aria-labelledby="own-lives" className="mt-4">
              <h2 id="own-lives" className="mb-2 text-base font-semibold">
                {t("live.own")}
              </h2>
              <Grid lives={rooms} />
            </section>
          )}
        </>
      )}
    </div>
  );
}

function Grid({ lives }: { lives: readonly Live[] }) {
  return (
    <ul className={gridClass}>
      {lives.map((live) => (
        <li key={live.id}>
          <LiveCard live={live} />
        </li>
      ))}
    </ul>
  );
}

function Nobody({ isMember, isPart }: { isMember: boolean; isPart: boolean }) {
  const { t } = useTranslation();
  return (
    <State
      drawing={<ScreenDrawing />}
      title={t("live.empty.title")}
      text={t(isMember ? "live.empty.text" : "live.empty.visitor")}
      isPart={isPart}
    >
      {isMember && !isPart ? (
        <LinkButton look="main" to="/live/new">
          <Radio size={18} aria-hidden />
          {t("live.go")}
        </LinkButton>
      ) : (
        <LinkButton to="/explore">{t("nav.explore")}</LinkButton>
      )}
    </State>
  );
}

function GridSkeleton() {
  return (
    <div aria-busy className={gridClass}>
      {[0, 1, 2, 3].map((place) => (
        <div key={place}>
          <Skeleton className="aspect-video rounded-xl!" />
          <div className="mt-2.5 flex gap-2.5">
            <Skeleton className="size-8 rounded-full!" />
            <div className="flex flex-1 flex-col gap-2 pt-1">
              <Skeleton className="h-4 w-4/5" />
              <Skeleton className="h-3 w-1/2" />
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
