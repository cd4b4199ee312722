import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../api/types.ts";
import { ReportButton } from "../moderation/report-button.tsx";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { useErrorText } from "../ui/states.tsx";
import { drop, type Outgoing } from "./outbox.ts";
import { isTakenAway } from "./taken-away.ts";

function Bubble({
  isMine,
  isRemoved = false,
  who,
  children,
  foot,
}: {
  isMine: boolean;
  /** Its words are about what stood here. */
  isRemoved?: boolean;
  who: string;
  children: ReactNode;
  foot: ReactNode;
}) {
  return (
    <li className={classNames("flex flex-col", isMine ? "items-end" : "items-start")}>
      <span className="sr-only">{who}</span>
      <div
        className={classNames(
          "max-w-[80%] rounded-2xl px-3.5 py-2 text-base break-words whitespace-pre-wrap",
          isMine ? "rounded-ee-md" : "rounded-es-md",
          isRemoved ? "border border-line text-soft" : isMine ? "bg-accent text-on-accent" : "bg-raised text-ink",
        )}
      >
        {children}
      </div>
      <span className="mt-0.5 flex items-center gap-1 px-1 text-xs text-soft">{foot}</span>
    </li>
  );
}

/** One thing that was said. */
export function Said({ message, name, isLast }: { message: Message; name: string; isLast: boolean }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, { hour: "numeric", minute: "2-digit" });
  const isRemoved = isTakenAway(message);
  const state = message.is_mine && isLast ? ` · ${message.is_read ? t("chat.read") : t("chat.sent")}` : "";
  return (
    <Bubble
      isMine={message.is_mine}
      isRemoved={isRemoved}
      who={message.is_mine ? t("chat.you") : name}
      foot={
        <>
          <time dateTime={message.created_at}>{time.format(Date.parse(message.created_at))}</time>
          {state}
          {!message.is_mine && !isRemoved && (
            <ReportButton
              thing={{ kind: "message", id: message.id }}
              isSmall
              className="grid size-6 place-items-center rounded hover:text-ink"
            />
          )}
        </>
      }
    >
      <Attachment message={message} name={name} />
      {isRemoved ? t("chat.takenAway") : message.content}
    </Bubble>
  );
}

function Attachment({ message, name }: { message: Message; name: string }) {
  const { t } = useTranslation();
  const { type, media_url, video_id } = message;
  if (video_id !== null) {
    return (
      <Link to="/watch/$id" params={{ id: video_id }} className="flex min-h-11 items-center font-semibold underline">
        {t("chat.openVideo")}
      </Link>
    );
  }
  if (media_url === "") return null;
  if (type === 2) {
    const alt = t("chat.picture.alt", { name: message.is_mine ? t("chat.you") : name });
    return <img src={media_url} alt={alt} loading="lazy" className="my-1 max-h-80 min-h-16 min-w-16 rounded-lg" />;
  }
  if (type === 4)
    return (
      <audio
        src={media_url}
        controls
        preload="metadata"
        aria-label={t("chat.voice.of", { name: message.is_mine ? t("chat.you") : name })}
        className="my-1 max-w-full"
      />
    );
  return (
    <video src={media_url} controls playsInline preload="metadata" className="my-1 max-h-80 max-w-full rounded-lg" />
  );
}

interface PendingProps {
  outgoing: Outgoing;
  onRetry: () => void;
}

/** Something on its way, or what to do where it did not get there. */
export function Pending({ outgoing, onRetry }: PendingProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { content, failure, file, preview } = outgoing;
  return (
    <Bubble
      isMine
      who={t("chat.you")}
      foot={
        failure === null ? (
          <span role="status">{t("chat.sending")}</span>
        ) : (
          <span role="alert" className="flex flex-wrap items-center justify-end gap-x-1">
            <span className="text-bad">
              {t("chat.failed")} {text(failure)}
            </span>
            <Button look="ghost" className="px-2! text-xs!" onPress={onRetry}>
              {t("chat.retry")}
            </Button>
            <Button look="ghost" className="px-2! text-xs!" onPress={() => drop(outgoing)}>
              {t("chat.drop")}
            </Button>
          </span>
        )
      }
    >
      {preview !== null && <img src={preview} alt="" className="my-1 max-h-80 rounded-lg opacity-70" />}
      {content || (preview === null && file?.name)}
    </Bubble>
  );
}
