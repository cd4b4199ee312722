import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { ReportButton } from "#parts/report/report-button.tsx";
import { drop, type Outgoing } from "./outbox.ts";
import { isTakenAway } from "./taken-away.ts";
import { VideoPart } from "./video-part.tsx";

interface BubbleProps {
  isMine: boolean;
  /** Its words are about what stood here. */
  isRemoved?: boolean;
  who: string;
  /** Content above the words in a frame of its own. */
  card?: ReactNode;
  children: ReactNode;
  /** An action beside it. */
  action?: ReactNode;
  foot?: ReactNode;
}

function Bubble({ isMine, isRemoved = false, who, card, children, action, foot }: BubbleProps) {
  return (
    <li className={classNames("group flex flex-col", isMine ? "items-end" : "items-start")}>
      <span className="sr-only">{who}</span>
      {card}
      <div className="flex max-w-[85%] items-center gap-1">
        {children !== null && (
          <div
            className={classNames(
              "min-w-0 rounded-2xl px-3.5 py-2 text-base break-words whitespace-pre-wrap pointer-fine:text-sm",
              card !== undefined && "mt-1",
              isMine ? "rounded-ee-md" : "rounded-es-md",
              isRemoved ? "border border-line text-soft" : isMine ? "bg-ink text-page" : "bg-raised text-ink",
            )}
          >
            {children}
          </div>
        )}
        {action}
      </div>
      {foot !== undefined && <span className="mt-1 flex items-center gap-1 px-1 text-xs text-soft">{foot}</span>}
    </li>
  );
}

interface SaidProps {
  message: Message;
  name: string;
  /** The latest of one's own, which says whether it was read. */
  isLast: boolean;
  /** The last of several in a row: the time stands below it. */
  isEnd: boolean;
}

/** One thing that was said. */
export function Said({ message, name, isLast, isEnd }: SaidProps) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, { hour: "numeric", minute: "2-digit" });
  const isRemoved = isTakenAway(message);
  const state = message.is_mine && isLast ? ` · ${message.is_read ? t("chat.read") : t("chat.sent")}` : "";
  return (
    <Bubble
      isMine={message.is_mine}
      isRemoved={isRemoved}
      who={message.is_mine ? t("chat.you") : name}
      {...(message.video_id !== null && !isRemoved && { card: <VideoPart videoId={message.video_id} /> })}
      {...(!message.is_mine &&
        !isRemoved && {
          action: (
            <ReportButton
              thing={{ kind: "message", id: message.id }}
              isSmall
              className="grid size-8 shrink-0 place-items-center rounded text-soft transition-opacity hover:text-ink pointer-fine:opacity-0 pointer-fine:group-hover:opacity-100 pointer-fine:focus-visible:opacity-100"
            />
          ),
        })}
      {...((isEnd || isLast) && {
        foot: (
          <>
            <time dateTime={message.created_at}>{time.format(Date.parse(message.created_at))}</time>
            {state}
          </>
        ),
      })}
    >
      {isRemoved ? (
        t("chat.takenAway")
      ) : message.content === "" && message.media_url === "" ? null : (
        <>
          <Attachment message={message} name={name} />
          {message.content}
        </>
      )}
    </Bubble>
  );
}

function Attachment({ message, name }: { message: Message; name: string }) {
  const { t } = useTranslation();
  const { type, media_url } = message;
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
