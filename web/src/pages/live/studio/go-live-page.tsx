import { useQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ScreenDrawing } from "#base/ui/states/illustrations.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { liveQuery } from "#parts/live/queries.ts";
import { NoRoom } from "../no-room.tsx";
import { GoLive } from "./go-live.tsx";

/** The page on which a host prepares a room and opens it. */
export function GoLivePage() {
  const { t } = useTranslation();
  const me = useMe();
  const { room } = useSearch({ from: "/live/new" });
  useTitle(t("live.go"));
  const live = useQuery({ ...liveQuery(room ?? 0), enabled: room !== undefined && me != null });
  if (me === null)
    return (
      <State drawing={<ScreenDrawing />} title={t("live.login.title")} text={t("live.login.text")}>
        <LinkButton to="/login" search={{ next: "/live/new" }}>
          {t("nav.login")}
        </LinkButton>
        <LinkButton look="main" to="/signup" search={{ next: "/live/new" }}>
          {t("nav.signup")}
        </LinkButton>
      </State>
    );
  const isMissing = live.isError && asFailure(live.error).status === 404;
  if (isMissing || live.data?.is_mine === false) return <NoRoom />;
  if (live.isError && live.data === undefined)
    return <ErrorState error={live.error} onRetry={() => void live.refetch()} />;
  if (me === undefined || (room !== undefined && live.data === undefined))
    return (
      <div aria-busy className="p-6">
        <Skeleton className="h-96 rounded-2xl!" />
      </div>
    );
  const status = live.data?.status;
  if (live.data !== undefined && status !== "waiting")
    return <Navigate to="/live/$id/studio" params={{ id: live.data.id }} replace />;
  return <GoLive live={live.data ?? null} />;
}
