import { X } from "lucide-react";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { CommentList, CommentsHead } from "./comment-list.tsx";
import type { Sort } from "./comment-queries.ts";
import { CommentInput } from "./comments.tsx";
import { Linked } from "./linked.tsx";
import { useRemoved } from "./removal.ts";

interface CommentsPanelProps {
  video: Video;
  /** The one whose link was followed; it stands above the others too. */
  linked?: number | undefined;
  onSeek: (seconds: number) => void;
  onClose: () => void;
}

/** Further down than this it closes when it is let go. */
const closeDragPx = 90;

/**
 * The comments beside a video that goes on playing, in the feed or on a phone's watch page: a sheet over the lower part of a phone, a panel at the
 * side of a wider screen. It takes the focus when it opens and gives it back when it closes.
 */
export function CommentsPanel({ video, linked, onSeek, onClose }: CommentsPanelProps) {
  const { t } = useTranslation();
  const [sort, setSort] = useState<Sort>("hot");
  const { hidden } = useRemoved(video.id);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const drag = useDragDown(panel, onClose);
  const list = <CommentList key={video.id} video={video} sort={sort} onSeek={onSeek} />;
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label={t("comments.heading")}
      className="comments-panel flex flex-col bg-surface text-ink outline-none"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header {...drag} className="shrink-0 touch-none sm:touch-auto">
        <div aria-hidden className="mx-auto mt-2 h-1 w-9 rounded-full bg-strong sm:hidden" />
        <div className="flex min-h-13 items-center gap-2 ps-4 pe-2">
          <CommentsHead video={video} sort={sort} onSort={setSort} />
          <IconButton label={t("action.close")} onPress={onClose}>
            <X size={20} aria-hidden />
          </IconButton>
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 pb-3">
        {linked === undefined ? (
          list
        ) : (
          <Linked id={linked} video={video} hidden={hidden} onSeek={onSeek}>
            {list}
          </Linked>
        )}
      </div>
      <footer className="shrink-0 border-t border-line px-3 pt-2 pb-[calc(0.5rem+env(safe-area-inset-bottom))]">
        <CommentInput key={video.id} video={video} />
      </footer>
    </section>
  );
}

/** The sheet follows a finger on its head, and closes when it is let go far enough down. */
function useDragDown(panel: { readonly current: HTMLElement | null }, onClose: () => void) {
  const startY = useRef<number | null>(null);
  const isSheet = () => window.matchMedia("(max-width: 639px)").matches;
  const move = (px: number) => panel.current?.style.setProperty("translate", px === 0 ? "" : `0 ${px}px`);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      const isButton = event.target instanceof Element && event.target.closest("button") !== null;
      startY.current = isSheet() && !isButton ? event.clientY : null;
      if (startY.current !== null) event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (startY.current !== null) move(Math.max(0, event.clientY - startY.current));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (startY.current === null) return;
      const isFar = event.clientY - startY.current > closeDragPx;
      startY.current = null;
      move(0);
      if (isFar) onClose();
    },
    onPointerCancel: () => {
      startY.current = null;
      move(0);
    },
  };
}
