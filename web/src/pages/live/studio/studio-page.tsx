import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asFailure } from "#base/api/request/failure.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { liveQuery } from "#parts/live/queries.ts";
import { NoRoom } from "../no-room.tsx";
import { LiveStudio } from "./studio.tsx";

/** The page on which a host sees how their room goes, and ends it. */
export function LiveStudioPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/live/$id/studio" });
  const live = useQuery({ ...liveQuery(id), enabled: id > 0 });
  useTitle(t("live.studio"));
  const status = live.isError ? asFailure(live.error).status : 0;
  if (id <= 0 || status === 404 || status === 403 || live.data?.is_mine === false) return <NoRoom />;
  if (live.isError && live.data === undefined)
    return <ErrorState error={live.error} onRetry={() => void live.refetch()} />;
  if (live.data === undefined)
    return (
      <div aria-busy className="flex flex-col gap-4 p-4 sm:p-6">
        <Skeleton className="h-9 w-80" />
        <Skeleton className="h-80 rounded-2xl!" />
      </div>
    );
  if (live.data.status === "waiting") return <Navigate to="/live/new" search={{ room: id }} replace />;
  return <LiveStudio key={id} live={live.data} askedMs={live.dataUpdatedAt} />;
}
