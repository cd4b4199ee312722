import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { keepUnlock, lockedLive } from "#base/api/request/unlocks.ts";
import type { Live } from "#base/api/types.ts";
import { useIsWide } from "#base/frame/frame.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { lockedCodes } from "#parts/gates/queries.ts";
import { LiveBadge, Running, Viewers } from "#parts/live/live-badge.tsx";
import { liveQuery } from "#parts/live/queries.ts";
import { isOnAir, type RoomState, stateOf } from "#parts/live/room-state.ts";
import { useNow } from "#parts/live/use-now.ts";
import { LivePlayer } from "#parts/player/live/live-player.tsx";
import { useLivePlayer } from "#parts/player/live/use-live-player.ts";
import { Locked } from "#parts/player/locked.tsx";
import { useTheatre } from "#parts/player/use-theatre.ts";
import { ChatPanel } from "../chat/chat-panel.tsx";
import { RoomContext, useFollowedRoom, useRoomStore, useRoomView } from "../feed/use-room-feed.ts";
import { GiftBar } from "../gifts/gift-bar.tsx";
import { GiftOverlay } from "../gifts/gift-overlay.tsx";
import { GiverChips } from "../gifts/giver-list.tsx";
import { Hearts, useLike } from "../gifts/hearts.tsx";
import { guestTilesOf } from "../guests/guest-tiles.tsx";
import { Invitation } from "../guests/invitation.tsx";
import { type OwnGuest, useOwnGuest } from "../guests/use-own-guest.ts";
import { NoRoom } from "../no-room.tsx";
import { PinnedProduct } from "../products/pinned-product.tsx";
import { useProductNotices } from "../products/use-product-notices.ts";
import { DanmakuSwitch, LiveDanmaku } from "./live-danmaku.tsx";
import { MoreLives, useOtherLives } from "./more-lives.tsx";
import { Notice } from "./notice.tsx";
import { PhoneChat } from "./phone-chat.tsx";
import { PhoneFoot, PhoneHead } from "./phone-room.tsx";
import { RoomDetails } from "./room-details.tsx";
import { RoomNotice } from "./room-notice.tsx";
import { useRoomSheets } from "./room-sheets.tsx";

const LockedThing = lazyPart(() => import("#parts/gates/locked-thing.tsx"), "LockedThing", { texts: ["gates"] });

/** The page of a live room, for those who watch it. */
export function LiveRoomPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/live/$id" });
  const { invitation } = useSearch({ from: "/live/$id" });
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
  if (failure !== null && lockedCodes.has(failure.code))
    return (
      <LockedThing key={id} thing={{ kind: "live", id }} invitation={invitation} onOpen={() => void live.refetch()} />
    );
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

/** The stream with what belongs to it, and what happens in its room. */
function Room(props: RoomProps) {
  const { live } = props;
  const me = useMe();
  const nowMs = useNow(live.status === "waiting" && live.scheduled_at !== null);
  const state = stateOf(live, nowMs);
  const store = useRoomStore(live.id, me === undefined ? undefined : (me?.id ?? 0), isOnAir(state));
  return (
    <RoomContext value={store}>
      <FollowedRoom {...props} state={state} />
    </RoomContext>
  );
}

/** Gifts have their place under the player, the chat beside it. */
function FollowedRoom({ live, askedMs, onStale, state }: RoomProps & { state: RoomState }) {
  const { t } = useTranslation();
  const isWide = useIsWide();
  const element = useRef<HTMLVideoElement>(null);
  const otherLives = useOtherLives(live.id);
  const [isTheatre, toggleTheatre] = useTheatre();
  const isBanned = useRoomView((view) => view.isBanned);
  const ownGuest = useOwnGuest(live);
  const isOn = isOnAir(state) && !isBanned;
  const player = useLivePlayer(element, live.id, { isOn, isDirect: ownGuest?.isOn === true, onStall: onStale });
  useChanges(onStale);
  useProductNotices(live.id);
  const [hasChat, setHasChat] = useState(true);
  const sheets = useRoomSheets(live);
  const like = useLike(live);
  const isLive = isOnAir(state);
  const hasSide = isWide && hasChat && state !== "scheduled";
  return (
    <div
      data-theatre={isTheatre ? "" : undefined}
      data-side={hasSide ? "" : undefined}
      className="room-page mx-auto grid max-w-[1760px] gap-x-4 gap-y-5 sm:px-4 sm:py-3 xl:px-6 xl:py-4"
    >
      <div className="min-w-0">
        <LivePlayer
          {...{ element, player, live }}
          className="room-stage"
          head={
            isWide ? (
              isLive && <DeskHead live={live} askedMs={askedMs} />
            ) : (
              <PhoneHead {...{ live, state, askedMs, player }} onSheet={sheets.open} />
            )
          }
          foot={(onFullscreen) =>
            isLive ? (
              <PhoneChat {...{ live, player, onFullscreen }} onSheet={sheets.open} />
            ) : (
              <PhoneFoot {...{ live, state, player, onFullscreen }} />
            )
          }
          tiles={isOn ? guestTilesOf(live, ownGuest, player) : []}
          notice={noticeOf(live, state, isBanned ? t("room.banned") : null)}
          overlay={isOn && <Overlay {...{ live, own: ownGuest, isWide }} delayS={player.delayS} />}
          tools={<DanmakuSwitch />}
          onLike={like}
          onTheatre={hasSide ? toggleTheatre : undefined}
        />
        {isWide && isLive && !live.is_mine && !isBanned && <GiftBar live={live} />}
        {isWide && (
          <RoomDetails
            live={live}
            state={state}
            onSheet={sheets.open}
            onChat={hasChat ? undefined : () => setHasChat(true)}
          />
        )}
        {isWide && otherLives.length > 0 && <MoreLives lives={otherLives} />}
      </div>
      {hasSide && (
        <ChatPanel live={live} onClose={() => setHasChat(false)}>
          <GiverChips liveId={live.id} onOpen={() => sheets.open("givers")} />
          <PinnedProduct live={live} onOpen={() => sheets.open("shop")} />
        </ChatPanel>
      )}
      {sheets.sheet}
      <p role="status" className="sr-only">
        {t(`live.state.${state}`)}
      </p>
    </div>
  );
}

/** Words in place of the picture. */
function noticeOf(live: Live, state: RoomState, refusal: string | null) {
  if (refusal !== null) return <Notice title={refusal} />;
  return state === "live" ? undefined : <RoomNotice live={live} state={state} />;
}

/** Calls when the room says that it was changed, paused or ended, or that a guest came or left. */
function useChanges(onChange: () => void): void {
  const room = useFollowedRoom();
  const changed = useEffectEvent(onChange);
  useEffect(
    () =>
      room.listen(({ type }) => {
        if (type === "room" || type === "guest" || type === "ended") changed();
      }),
    [room],
  );
}

interface OverlayProps {
  live: Live;
  own: OwnGuest | undefined;
  delayS: number | null;
  isWide: boolean;
}

/** Content that flies over the picture, and the invitation of a viewer. */
function Overlay({ live, own: ownGuest, delayS, isWide }: OverlayProps) {
  return (
    <>
      {ownGuest !== undefined && <Invitation live={live} own={ownGuest} />}
      {/* A phone has the messages themselves there. */}
      {isWide && <LiveDanmaku delayS={delayS} />}
      <GiftOverlay className={isWide ? "bottom-20" : "bottom-[calc(34dvh+11rem)]"} />
      <Hearts className={isWide ? "end-4 bottom-16 h-64 w-28" : "end-2 bottom-16 h-72 w-24"} />
    </>
  );
}

function DeskHead({ live, askedMs }: { live: Live; askedMs: number }) {
  const online = useRoomView(({ onlineCount }) => onlineCount);
  return (
    <div className="pointer-events-none absolute start-4 top-3.5 flex items-center gap-2">
      <LiveBadge isPaused={live.status === "paused"} />
      <Viewers count={online ?? live.online_count} isWhole />
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
