import { Flag, MessageSquare, Share2, ShoppingBag, SlidersHorizontal } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { RichText } from "#base/text/rich-text.tsx";
import { useIsCut } from "#base/text/use-is-cut.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useShareAddress } from "#base/ui/sheets/use-share-address.ts";
import { isOnAir, type RoomState } from "#parts/live/room-state.ts";
import { useReport } from "#parts/report/use-report.tsx";
import { FanClubButton } from "../gifts/fan-club.tsx";
import { LikeButton } from "../gifts/hearts.tsx";
import { Host } from "./host.tsx";
import { RoomFacts } from "./room-facts.tsx";
import type { RoomSheet } from "./room-sheets.tsx";

interface RoomProps {
  live: Live;
  state: RoomState;
  onSheet: (sheet: RoomSheet) => void;
  /** Shows the chat, where it is hidden. */
  onChat: (() => void) | undefined;
}

/** Title, facts, host with the actions and the description, under the player at a desk. */
export function RoomDetails({ live, state, onSheet, onChat }: RoomProps) {
  const { t } = useTranslation();
  const share = useShareAddress();
  const { report, sheet } = useReport({ kind: "live", id: live.id });
  return (
    <div className="pt-4">
      <h1 className="text-xl font-semibold text-pretty">
        <bdi>{live.title}</bdi>
      </h1>
      <RoomFacts live={live} className="mt-0.5 text-soft" />
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Host live={live} isOnAir={isOnAir(state)}>
          <FanClubButton live={live} onOpen={() => onSheet("club")} />
        </Host>
        {onChat !== undefined && (
          <Button className="rounded-full!" onPress={onChat}>
            <MessageSquare size={18} aria-hidden />
            {t("room.chat.show")}
          </Button>
        )}
        {isOnAir(state) && <LikeButton live={live} />}
        {live.has_products && (
          <Button className="rounded-full!" onPress={() => onSheet("shop")}>
            <ShoppingBag size={18} aria-hidden />
            {t("shop.open")}
          </Button>
        )}
        {live.is_mine && isOnAir(state) && (
          <LinkButton to="/live/$id/studio" params={{ id: live.id }} className="rounded-full!">
            <SlidersHorizontal size={18} aria-hidden />
            {t("live.studio")}
          </LinkButton>
        )}
        <Button className="rounded-full!" onPress={() => share(`/live/${live.id}`, live.title)}>
          <Share2 size={18} aria-hidden />
          {t("action.share")}
        </Button>
        {!live.is_mine && (
          <MoreMenu
            label={t("action.more")}
            className="grid size-11 shrink-0 place-items-center rounded-full bg-raised hover:bg-strong pointer-fine:size-9"
            actions={[{ id: "report", text: t("action.report"), icon: <Flag size={18} aria-hidden />, run: report }]}
          />
        )}
        {sheet}
      </div>
      {live.description !== "" && <Description text={live.description} />}
    </div>
  );
}

/** Folded at two lines. */
function Description({ text }: { text: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const isLong = useIsCut(box, isOpen, text);
  return (
    <div className="mt-3.5 rounded-xl bg-surface px-4 py-3">
      <div ref={box} dir="auto" className={`whitespace-pre-line ${isOpen ? "" : "line-clamp-2"}`}>
        <RichText text={text} />
      </div>
      {(isLong || isOpen) && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="-mb-2 min-h-10 pe-4 font-semibold"
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? "watch.showLess" : "watch.showMore")}
        </button>
      )}
    </div>
  );
}
