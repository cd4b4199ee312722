import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { asFailure } from "../api/failure.ts";
import type { Live } from "../api/types.ts";
import { keepUnlock, lockedLive } from "../api/unlocks.ts";
import { useIsWide } from "../shell/frame.ts";
import { useTitle } from "../shell/use-title.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { ErrorState } from "../ui/states.tsx";
import { Locked } from "../watch/locked.tsx";
import { useTheatre } from "../watch/use-theatre.ts";
import { LiveBadge, Running, Viewers } from "./live-badge.tsx";
import { LivePlayer } from "./live-player.tsx";
import { MoreLives, useOtherLives } from "./more-lives.tsx";
import { NoRoom } from "./no-room.tsx";
import { PhoneFoot, PhoneHead } from "./phone-room.tsx";
import { liveQuery } from "./queries.ts";
import { RoomDetails } from "./room-details.tsx";
import { RoomNotice } from "./room-notice.tsx";
import { isOnAir, stateOf } from "./room-state.ts";
import { useLivePlayer } from "./use-live-player.ts";
import { useNow } from "./use-now.ts";

/** The page of a live room, for those who watch it. */
export function LiveRoomPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/live/$id" });
  const live = useQuery({ ...liveQuery(id), enabled: id > 0 });
  useTitle(live.data?.title);
  const failure = live.isError ? asFailure(live.error) : null;
  if (id <= 0 || failure?.status === 404) return <NoRoom />;
  if (failure?.code === "live.password_required") {
    const open = async (password: string) => {
      const { unlock } = await ask("live.unlock", { path: { id }, body: { password } });
      keepUnlock(lockedLive(id), unlock);
      await live.refetch();
    };
    return <Locked key={id} title={t("live.password.title")} onOpen={open} />;
  }
  if (failure !== null && live.data === undefined)
    return <ErrorState error={live.error} onRetry={() => void live.refetch()} />;
  if (live.data === undefined) return <RoomSkeleton />;
  return <Room key={id} live={live.data} askedMs={live.dataUpdatedAt} onStale={() => void live.refetch()} />;
}

interface RoomProps {
  live: Live;
  askedMs: number;
  /** The room may be another by now. */
  onStale: () => void;
}

/** The stream with what belongs to it. Gifts have their place under the player, the chat beside it. */
function Room({ live, askedMs, onStale }: RoomProps) {
  const { t } = useTranslation();
  const isWide = useIsWide();
  const element = useRef<HTMLVideoElement>(null);
  const others = useOtherLives(live.id);
  const [isTheatre, toggleTheatre] = useTheatre();
  const nowMs = useNow(live.status === "waiting" && live.scheduled_at !== null);
  const state = stateOf(live, nowMs);
  const player = useLivePlayer(element, live.id, { isOn: isOnAir(state), onStall: onStale });
  const hasSide = isWide && others.length > 0;
  return (
    <div
      data-theatre={isTheatre ? "" : undefined}
      data-side={hasSide ? "" : undefined}
      className="room-page mx-auto grid max-w-[1760px] gap-x-6 gap-y-5 sm:px-4 sm:py-3 xl:px-6 xl:py-4"
    >
      <div className="min-w-0">
        <LivePlayer
          {...{ element, player, live }}
          className="room-stage"
          head={
            isWide ? (
              isOnAir(state) && <DeskHead live={live} askedMs={askedMs} />
            ) : (
              <PhoneHead {...{ live, state, askedMs, player }} />
            )
          }
          foot={(onFullscreen) => <PhoneFoot {...{ live, state, player, onFullscreen }} />}
          notice={state === "live" ? undefined : <RoomNotice live={live} state={state} />}
          onTheatre={hasSide ? toggleTheatre : undefined}
        />
        {isWide && <RoomDetails live={live} state={state} />}
      </div>
      {hasSide && <MoreLives lives={others} />}
      <p role="status" className="sr-only">
        {t(`live.state.${state}`)}
      </p>
    </div>
  );
}

function DeskHead({ live, askedMs }: { live: Live; askedMs: number }) {
  return (
    <div className="pointer-events-none absolute start-4 top-3.5 flex items-center gap-2">
      <LiveBadge isPaused={live.status === "paused"} />
      <Viewers count={live.online_count} isWhole />
      <Running live={live} askedMs={askedMs} />
    </div>
  );
}

function RoomSkeleton() {
  return (
    <div aria-busy className="sm:px-4 sm:py-3 xl:px-6 xl:py-4">
      <Skeleton className="room-stage rounded-none! sm:rounded-2xl!" />
      <div className="flex flex-col gap-3 pt-5 max-sm:hidden">
        <Skeleton className="h-7 w-3/4" />
        <Skeleton className="h-4 w-40" />
      </div>
    </div>
  );
}
