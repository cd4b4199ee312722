import { useNavigate, useRouter } from "@tanstack/react-router";
import { Flag, Maximize2, Share2, SlidersHorizontal, Volume2, VolumeX, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { foldClass } from "#base/text/folded-end.tsx";
import { IconButton, LinkButton } from "#base/ui/buttons/button.tsx";
import { useShareAddress } from "#base/ui/sheets/use-share-address.ts";
import { LiveBadge, Running, Viewers } from "#parts/live/live-badge.tsx";
import { isOnAir, type RoomState } from "#parts/live/room-state.ts";
import { EdgeButton } from "#parts/player/live/edge-button.tsx";
import type { LivePlayer } from "#parts/player/live/use-live-player.ts";
import { useReport } from "#parts/report/use-report.tsx";
import { useRoomView } from "../feed/use-room-feed.ts";
import { GiverFaces } from "../gifts/giver-list.tsx";
import { Host } from "./host.tsx";
import { RoomFacts } from "./room-facts.tsx";
import type { RoomSheet } from "./room-sheets.tsx";

interface PhoneRoomProps {
  live: Live;
  state: RoomState;
  askedMs: number;
  player: LivePlayer;
}

/** Over the upper edge of a phone: the host, how many watch, the way out; below it that it is live, and for how long. */
export function PhoneHead({
  live,
  state,
  askedMs,
  player,
  onSheet,
}: PhoneRoomProps & { onSheet: (sheet: RoomSheet) => void }) {
  const { t } = useTranslation();
  const online = useRoomView(({ onlineCount }) => onlineCount);
  const leave = useLeave();
  const isLive = isOnAir(state);
  return (
    <div className="absolute inset-x-0 top-0 flex flex-col gap-2 bg-linear-to-b from-black/70 to-transparent px-3 pt-[calc(0.5rem+env(safe-area-inset-top))] pb-8">
      <div className="flex items-center gap-2">
        <Host live={live} isOnAir={isLive} isPill />
        <span className="flex-1" />
        <Viewers count={online ?? live.online_count} />
        <IconButton label={t("action.close")} className="-me-2 hover:bg-white/20" onPress={leave}>
          <X size={24} aria-hidden />
        </IconButton>
      </div>
      {isLive && (
        <div className="flex items-center gap-2">
          <LiveBadge isPaused={state === "paused"} />
          <Running live={live} askedMs={askedMs} />
          <EdgeButton
            player={player}
            // As high as the badges beside it; a finger may miss it by more.
            className="relative h-5 bg-black/60 px-2 text-xs after:absolute after:-inset-y-3 after:inset-x-0"
          />
          <GiverFaces liveId={live.id} onOpen={() => onSheet("givers")} />
        </div>
      )}
      {isLive && (
        <h1 className="text-shadow-video truncate text-sm font-semibold">
          <bdi>{live.title}</bdi>
        </h1>
      )}
    </div>
  );
}

interface PhoneFootProps extends Omit<PhoneRoomProps, "askedMs"> {
  onFullscreen: () => void;
}

/** Over the lower edge of a phone while there is no stream: what it is about. */
export function PhoneFoot({ live, state, player, onFullscreen }: PhoneFootProps) {
  const { t } = useTranslation();
  const share = useShareAddress();
  const { report, sheet } = useReport({ kind: "live", id: live.id });
  const [isOpen, setOpen] = useState(false);
  const isSilent = player.isMuted || player.volume === 0;
  const round = "bg-black/45 hover:bg-white/20";
  return (
    <div className="absolute inset-x-0 bottom-0 flex items-end gap-3 bg-linear-to-t from-black/80 via-black/40 to-transparent px-3 pt-24 pb-[calc(0.75rem+env(safe-area-inset-bottom))]">
      <div className="text-shadow-video min-w-0 flex-1">
        <h1 className="text-base font-semibold text-pretty">
          <bdi>{live.title}</bdi>
        </h1>
        <RoomFacts live={live} className="text-white/85" />
        {live.description !== "" && (
          <div className={isOpen ? "" : "flex items-baseline"}>
            <p
              dir="auto"
              className={`text-white/85 ${isOpen ? "max-h-[40dvh] overflow-y-auto whitespace-pre-line" : "line-clamp-1"}`}
            >
              {live.description}
            </p>
            <button
              type="button"
              aria-expanded={isOpen}
              className={`shrink-0 ${foldClass}`}
              onClick={() => setOpen(!isOpen)}
            >
              {t(isOpen ? "watch.showLess" : "watch.showMore")}
            </button>
          </div>
        )}
      </div>
      <div className="flex shrink-0 gap-2">
        {live.is_mine && isOnAir(state) && (
          <LinkButton
            to="/live/$id/studio"
            params={{ id: live.id }}
            aria-label={t("live.studio")}
            className="size-11 rounded-full! bg-black/45! px-0! text-white!"
          >
            <SlidersHorizontal size={20} aria-hidden />
          </LinkButton>
        )}
        {player.hasPicture && (
          <IconButton
            label={t(isSilent ? "player.unmute" : "player.mute")}
            className={round}
            onPress={player.toggleMuted}
          >
            {isSilent ? <VolumeX size={20} aria-hidden /> : <Volume2 size={20} aria-hidden />}
          </IconButton>
        )}
        {player.hasPicture && player.ratio > 1 && document.fullscreenEnabled && (
          <IconButton label={t("player.fullscreen")} className={round} onPress={onFullscreen}>
            <Maximize2 size={20} aria-hidden />
          </IconButton>
        )}
        <IconButton label={t("action.share")} className={round} onPress={() => share(`/live/${live.id}`, live.title)}>
          <Share2 size={20} aria-hidden />
        </IconButton>
        {!live.is_mine && (
          <IconButton label={t("action.report")} className={round} onPress={report}>
            <Flag size={20} aria-hidden />
          </IconButton>
        )}
        {sheet}
      </div>
    </div>
  );
}

/** The way one came. */
function useLeave(): () => void {
  const router = useRouter();
  const navigate = useNavigate();
  return () => {
    if (router.history.canGoBack()) router.history.back();
    else void navigate({ to: "/live" });
  };
}
