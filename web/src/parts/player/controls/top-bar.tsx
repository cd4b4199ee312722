import { ChevronDown, MessageSquareText, X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { DanmakuForm } from "../danmaku/form.tsx";
import { type DanmakuDraft, useDanmakuDraft, useMayPost } from "../danmaku/post.ts";
import { DanmakuSettings } from "../danmaku/settings.tsx";

interface TopBarProps {
  video: Video;
  timeS: RefObject<number>;
  isShown: boolean;
  isFullscreen: boolean;
  onMini: () => void;
  onPinned: (isPinned: boolean) => void;
  /** The menu of the player, where it is here. */
  children: ReactNode;
}

/**
 * Over the upper edge of a phone's player: away to the corner, a danmaku, the settings; of one that has the whole of a
 * wider screen: a danmaku. The field for it takes the place of all, where no keyboard of a screen covers it.
 */
export function TopBar({ video, timeS, isShown, isFullscreen, onMini, onPinned, children }: TopBarProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  const close = () => setOpen(false);
  const draft = useDanmakuDraft(video, timeS, close);
  const isPosting = useMayPost(video) && isOpen;
  useEffect(() => {
    if (!isPosting) return undefined;
    onPinned(true);
    return () => onPinned(false);
  }, [isPosting, onPinned]);
  useEffect(() => {
    if (wasOpen.current && !isPosting) button.current?.focus({ preventScroll: true });
    wasOpen.current = isPosting;
  }, [isPosting]);
  return (
    <div
      className={`pointer-events-none absolute inset-x-0 top-0 flex items-center bg-linear-to-b from-black/75 to-transparent px-1 pt-1 pb-6 transition-opacity duration-200 focus-within:opacity-100 ${isShown ? "*:pointer-events-auto" : "opacity-0"}`}
    >
      {isPosting ? (
        <DanmakuLine {...{ video, timeS, draft }} hasSettings={!isFullscreen} onClose={close} />
      ) : (
        <>
          {!isFullscreen && (
            <IconButton label={t("player.mini")} onPress={onMini} className="hover:bg-white/20">
              <ChevronDown size={24} aria-hidden />
            </IconButton>
          )}
          <span className="flex-1" />
          <DanmakuButton video={video} button={button} onPress={() => setOpen(true)} />
          {children}
        </>
      )}
    </div>
  );
}

interface DanmakuButtonProps {
  video: Video;
  button: RefObject<HTMLButtonElement | null>;
  onPress: () => void;
}

function DanmakuButton({ video, button, onPress }: DanmakuButtonProps) {
  const { t } = useTranslation();
  if (!useMayPost(video)) return null;
  return (
    <IconButton ref={button} label={t("danmaku.write")} onPress={onPress} className="hover:bg-white/20">
      <MessageSquareText size={22} aria-hidden />
    </IconButton>
  );
}

interface DanmakuLineProps {
  video: Video;
  timeS: RefObject<number>;
  draft: DanmakuDraft;
  hasSettings: boolean;
  onClose: () => void;
}

/** The field, the gear beside it, and the way back. The typed text is there when it is opened again. */
function DanmakuLine({ video, timeS, draft, hasSettings, onClose }: DanmakuLineProps) {
  const { t } = useTranslation();
  return (
    <div
      className="flex min-w-0 flex-1 items-center ps-2 sm:mx-auto sm:max-w-xl"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <DanmakuForm draft={draft} timeS={timeS} isFocused />
      {/* Its sheets would be behind a player that has the whole screen. */}
      {hasSettings && (
        <DanmakuSettings {...{ video, timeS }} look={draft.look} onLook={draft.setLook} className="hover:bg-white/20" />
      )}
      <IconButton label={t("action.close")} onPress={onClose} className="hover:bg-white/20">
        <X size={22} aria-hidden />
      </IconButton>
    </div>
  );
}
