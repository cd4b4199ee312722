import { ArrowDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { useRoomView } from "../feed/use-room-feed.ts";
import { MessageRow } from "./message-row.tsx";
import { RoomLineNotice } from "./room-line-notice.tsx";

interface ChatLogProps {
  live: Live;
  onMention: (username: string) => void;
  /** Over the picture of a phone: without a ground, and faded at its upper edge. */
  isOverPicture?: boolean;
}

/** From the newest message, in pixels: nearer than this one follows what comes. */
const nearPx = 40;

/**
 * The messages of a room, the newest at the bottom. A viewer who has scrolled up stays there, and sees how many came.
 */
export function ChatLog({ live, onMention, isOverPicture = false }: ChatLogProps) {
  const { t } = useTranslation();
  const lines = useRoomView((view) => view.lines);
  const isLoading = useRoomView(({ rules, connection }) => rules === null && connection !== "refused");
  const { list, isFollowing, newCount, toEnd } = useFollowing(lines.at(-1)?.seq ?? 0, lines);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={list}
        role="log"
        aria-label={t("room.chat")}
        aria-live="polite"
        aria-relevant="additions"
        // It scrolls by keys.
        tabIndex={0}
        className={classNames(
          "flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain *:shrink-0",
          isOverPicture
            ? "chat-fade gap-1 pe-10 pt-10 [scrollbar-width:none]"
            : "px-2 pb-2 [scrollbar-gutter:stable] [scrollbar-width:thin]",
        )}
      >
        <span className="min-h-0 shrink! grow" />
        {!isLoading && lines.length === 0 && !isOverPicture && (
          <p className="px-4 py-8 text-center text-balance text-soft">{t("room.chat.empty")}</p>
        )}
        {lines.map((line) => (
          <MessageRow key={line.seq} {...{ line, live, onMention, isOverPicture }} />
        ))}
        <RoomLineNotice isOverPicture={isOverPicture} />
      </div>
      {!isFollowing && newCount > 0 && (
        <BareButton
          className="animate-rise absolute inset-x-0 bottom-2 mx-auto inline-flex min-h-9 w-fit items-center gap-1.5 rounded-full bg-ink px-3.5 text-xs font-semibold text-page shadow-lg"
          onPress={toEnd}
        >
          <ArrowDown size={16} aria-hidden />
          {t("room.chat.new", { count: newCount })}
        </BareButton>
      )}
    </div>
  );
}

/** Keeps a list at its end until one scrolls up, and counts what comes meanwhile. */
function useFollowing(newestSeq: number, lines: readonly { readonly seq: number }[]) {
  const list = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const [seenSeq, setSeenSeq] = useState(0);
  const toEnd = () => {
    const { current } = list;
    if (current !== null) current.scrollTop = current.scrollHeight;
  };
  useEffect(() => {
    const { current } = list;
    if (current === null) return undefined;
    let wasFollowing = true;
    const look = () => {
      wasFollowing = current.scrollHeight - current.scrollTop - current.clientHeight < nearPx;
      setFollowing(wasFollowing);
    };
    current.addEventListener("scroll", look, { passive: true });
    const sizes = new ResizeObserver(() => {
      if (wasFollowing) current.scrollTop = current.scrollHeight;
    });
    sizes.observe(current);
    return () => {
      current.removeEventListener("scroll", look);
      sizes.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    const { current } = list;
    if (!isFollowing || current === null) return;
    current.scrollTop = current.scrollHeight;
    setSeenSeq(newestSeq);
  }, [newestSeq, lines, isFollowing]);
  return { list, isFollowing, newCount: lines.filter(({ seq }) => seq > seenSeq).length, toEnd };
}
