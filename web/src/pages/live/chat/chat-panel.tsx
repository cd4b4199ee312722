import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { useRoomView } from "../feed/use-room-feed.ts";
import { ChatLog } from "./chat-log.tsx";
import { Composer } from "./composer.tsx";
import { useMention } from "./mention.ts";
import { PinnedMessage } from "./pinned-message.tsx";

interface ChatPanelProps {
  live: Live;
  /** Beside its title. */
  tools?: ReactNode;
  /** Between its head and the messages. */
  children?: ReactNode;
  /** Between the messages and the field. */
  foot?: ReactNode;
  onClose?: (() => void) | undefined;
}

/** The chat of a room at a desk: a column beside the picture. */
export function ChatPanel({ live, tools, children, foot, onClose }: ChatPanelProps) {
  const { t } = useTranslation();
  const mention = useMention();
  return (
    <section
      aria-labelledby="chat-title"
      className="room-chat flex min-h-0 min-w-0 flex-col overflow-hidden rounded-2xl bg-surface"
    >
      <header className="flex min-h-13 items-center gap-2 ps-4 pe-1.5">
        <h2 id="chat-title" className="text-base font-semibold">
          {t("room.chat")}
        </h2>
        <RuleWords />
        <span className="flex-1" />
        {tools}
        {onClose !== undefined && (
          <IconButton label={t("room.chat.hide")} onPress={onClose}>
            <X size={20} aria-hidden />
          </IconButton>
        )}
      </header>
      {children}
      <PinnedMessage liveId={live.id} />
      <ChatLog live={live} onMention={mention.add} />
      <div className="flex flex-col gap-3 border-t border-line p-3">
        {foot}
        <Composer live={live} mention={mention} />
      </div>
    </section>
  );
}

/** The rules of this chat, in a few words. */
function RuleWords() {
  const { t } = useTranslation();
  const rules = useRoomView(({ rules: now }) => now);
  if (rules === null) return null;
  const timeOf = (count: number) =>
    count % 60 === 0 ? t("room.minutes", { count: count / 60 }) : t("room.seconds", { count });
  const words = [
    !rules.isOpen && t("room.chat.closed"),
    rules.isOpen && rules.slowModeS > 0 && t("room.slow", { time: timeOf(rules.slowModeS) }),
    rules.isOpen && rules.followersOnly && t("room.followersOnly"),
  ].filter((word) => word !== false);
  return <p className="min-w-0 truncate text-xs text-soft">{words.join(" · ")}</p>;
}
