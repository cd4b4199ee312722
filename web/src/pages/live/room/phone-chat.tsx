import { useNavigate } from "@tanstack/react-router";
import { Flag, Gift, Info, Maximize2, Share2, ShoppingBag, SlidersHorizontal, Volume2, VolumeX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useShareAddress } from "#base/ui/sheets/use-share-address.ts";
import type { LivePlayer } from "#parts/player/live/use-live-player.ts";
import { useReport } from "#parts/report/use-report.tsx";
import { ChatLog } from "../chat/chat-log.tsx";
import { Composer } from "../chat/composer.tsx";
import { useMention } from "../chat/mention.ts";
import { PinnedMessage } from "../chat/pinned-message.tsx";
import { RoundLike } from "../gifts/hearts.tsx";
import { PinnedProduct } from "../products/pinned-product.tsx";
import type { RoomSheet } from "./room-sheets.tsx";

interface PhoneChatProps {
  live: Live;
  player: LivePlayer;
  onFullscreen: () => void;
  onSheet: (sheet: RoomSheet) => void;
}

/** Over the lower part of a phone's picture: the chat, what is sold, and the line with the field. */
export function PhoneChat({ live, player, onFullscreen, onSheet }: PhoneChatProps) {
  const { t } = useTranslation();
  const mention = useMention();
  const isWriting = mention.text.trim() !== "";
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-0 flex flex-col gap-2 bg-linear-to-t from-black/85 via-black/45 to-transparent px-3 pt-16 pb-[calc(0.75rem+env(safe-area-inset-bottom))] *:pointer-events-auto">
      <div className="flex h-[34dvh] min-h-0 flex-col landscape:h-[45dvh]">
        <PinnedMessage liveId={live.id} isOverPicture />
        <ChatLog live={live} onMention={mention.add} isOverPicture />
      </div>
      <PinnedProduct live={live} isOverPicture onOpen={() => onSheet("shop")} />
      <div className="flex items-end gap-2 pt-1">
        <div className="min-w-0 flex-1">
          <Composer live={live} mention={mention} isOverPicture />
        </div>
        {!isWriting && (
          <>
            <More {...{ live, player, onFullscreen, onSheet }} />
            {live.has_products && (
              <IconButton
                label={t("shop.open")}
                className="bg-white/15 backdrop-blur-sm"
                onPress={() => onSheet("shop")}
              >
                <ShoppingBag size={22} aria-hidden />
              </IconButton>
            )}
            {!live.is_mine && (
              <IconButton
                label={t("gifts.title")}
                className="bg-accent text-on-accent"
                onPress={() => onSheet("gifts")}
              >
                <Gift size={22} aria-hidden />
              </IconButton>
            )}
            <RoundLike live={live} />
          </>
        )}
      </div>
    </div>
  );
}

/** Rare actions of a viewer. */
function More({ live, player, onFullscreen, onSheet }: PhoneChatProps) {
  const { t } = useTranslation();
  const share = useShareAddress();
  const navigate = useNavigate();
  const isSilent = player.isMuted || player.volume === 0;
  const { report, sheet } = useReport({ kind: "live", id: live.id });
  return (
    <>
      <MoreMenu
        label={t("action.more")}
        className="inline-flex size-11 shrink-0 items-center justify-center rounded-full bg-white/15 backdrop-blur-sm"
        actions={[
          player.hasPicture && {
            id: "sound",
            text: t(isSilent ? "player.unmute" : "player.mute"),
            icon: isSilent ? <VolumeX size={18} aria-hidden /> : <Volume2 size={18} aria-hidden />,
            run: player.toggleMuted,
          },
          player.hasPicture &&
            player.ratio > 1 &&
            document.fullscreenEnabled && {
              id: "fullscreen",
              text: t("player.fullscreen"),
              icon: <Maximize2 size={18} aria-hidden />,
              run: onFullscreen,
            },
          {
            id: "about",
            text: t("room.about"),
            icon: <Info size={18} aria-hidden />,
            run: () => onSheet("about"),
          },
          {
            id: "share",
            text: t("action.share"),
            icon: <Share2 size={18} aria-hidden />,
            run: () => share(`/live/${live.id}`, live.title),
          },
          live.is_mine && {
            id: "studio",
            text: t("live.studio"),
            icon: <SlidersHorizontal size={18} aria-hidden />,
            run: () => void navigate({ to: "/live/$id/studio", params: { id: live.id } }),
          },
          !live.is_mine && {
            id: "report",
            text: t("action.report"),
            icon: <Flag size={18} aria-hidden />,
            run: report,
          },
        ]}
      />
      {sheet}
    </>
  );
}
