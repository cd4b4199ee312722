import { useQuery } from "@tanstack/react-query";
import { LoaderCircle, SendHorizontal } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe, userQuery } from "#base/api/queries.ts";
import type { Live } from "#base/api/types.ts";
import { formatTime } from "#base/format/format.ts";
import { charactersIn } from "#base/text/characters.ts";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { EmojiButton } from "#base/ui/menus/emoji-button.tsx";
import { useNow } from "#parts/live/use-now.ts";
import { useRoomView } from "../feed/use-room-feed.ts";
import type { Mention } from "./mention.ts";
import { type OutgoingMessage, useOutgoingMessage } from "./use-outgoing-message.ts";

const charactersMax = 500;
/** From here on the characters that are left are counted. */
const countedFrom = 400;

interface ComposerProps {
  live: Live;
  mention: Mention;
  isOverPicture?: boolean;
}

/** The field for a message in a room, or the reason why there is none. */
export function Composer(props: ComposerProps) {
  const { live, isOverPicture = false } = props;
  const why = useWhyNot(live);
  if (why === null) return <Field {...props} />;
  return (
    <div
      className={classNames(
        "flex min-h-11 items-center gap-3 rounded-[22px] px-4 text-sm",
        isOverPicture ? "bg-white/15 text-white/90" : "bg-raised text-soft",
      )}
    >
      {why}
    </div>
  );
}

/** Why this viewer cannot write now, with the way to change it; null where they can. */
function useWhyNot(live: Live): ReactNode {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const rules = useRoomView((view) => view.rules);
  const mayModerate = useRoomView((view) => view.mayModerate);
  const isBanned = useRoomView((view) => view.isBanned);
  const hasEnded = useRoomView((view) => view.hasEnded);
  const mutedUntilMs = useRoomView((view) => view.mutedUntilMs);
  const { data: host = live.owner } = useQuery(userQuery(live.owner.username));
  const nowMs = useNow(mutedUntilMs > 0);
  if (hasEnded || live.status === "ended") return t("room.ended");
  if (live.status === "waiting") return t("room.notYet");
  if (isBanned) return t("room.banned");
  if (me === null)
    return (
      <span className="min-w-0 truncate">
        <BareButton
          onPress={() => void logInFor(t("room.chatFirst"))}
          className="font-semibold text-link hover:underline"
        >
          {t("nav.login")}
        </BareButton>{" "}
        {t("room.loginTo")}
      </span>
    );
  if (mayModerate) return null;
  if (mutedUntilMs > nowMs)
    return mutedUntilMs === Number.POSITIVE_INFINITY
      ? t("room.muted")
      : t("room.mutedUntil", { time: formatTime(mutedUntilMs, i18n.language) });
  if (rules?.isOpen === false) return t("room.closed");
  if (rules?.followersOnly === true && !host.is_followed)
    return (
      <>
        <span className="min-w-0 flex-1 py-1 text-xs">{t("room.followersOnly.why")}</span>
        <FollowButton user={host} look="inverse" className="-me-3 min-h-8! rounded-full!" />
      </>
    );
  return null;
}

function Field({ live, mention, isOverPicture = false }: ComposerProps) {
  const { t } = useTranslation();
  const { text, setText, field } = mention;
  const outgoing = useOutgoingMessage(live.id);
  const leftS = useCountdown(outgoing);
  const length = charactersIn(text.trim());
  const isSendable = text.trim() !== "" && length <= charactersMax && leftS === 0 && !outgoing.isBusy;
  const submit = async () => {
    if (!isSendable) return;
    const sent = text.trim();
    setText("");
    // A viewer who has written on during the request keeps both.
    if (!(await outgoing.send(sent))) setText(sent);
    if (window.matchMedia("(pointer: fine)").matches) field.current?.focus();
  };
  return (
    <form
      className="relative"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Note {...{ outgoing, leftS, length }} />
      <div className="flex items-end gap-1">
        <div
          className={classNames(
            "flex min-w-0 flex-1 items-end rounded-[22px] pe-1",
            isOverPicture ? "bg-white/15 backdrop-blur-sm" : "bg-raised",
          )}
        >
          <textarea
            ref={field}
            rows={1}
            value={text}
            aria-label={t("room.say")}
            aria-invalid={length > charactersMax}
            placeholder={t(live.is_mine ? "room.sayAsHost" : "room.say")}
            className={classNames(
              "field-sizing-content max-h-28 min-h-11 placeholder-shown:h-11 placeholder-shown:overflow-hidden placeholder-shown:whitespace-nowrap min-w-0 flex-1 resize-none bg-transparent py-3 ps-4 text-base/5 outline-none! pointer-fine:text-sm/5",
              isOverPicture ? "text-white placeholder:text-white/80" : "text-ink placeholder:text-faint",
            )}
            onChange={(event) => {
              outgoing.forget();
              setText(event.currentTarget.value);
            }}
            onKeyDown={(event) => {
              event.stopPropagation();
              // While a word is being composed, Enter chooses it.
              if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              void submit();
            }}
          />
          <EmojiButton onPick={(emoji) => setText(text + emoji)} />
        </div>
        {(!isOverPicture || text.trim() !== "") && (
          <BareButton
            type="submit"
            aria-label={t("room.send")}
            isDisabled={!isSendable}
            className={classNames(
              "grid size-11 shrink-0 place-items-center rounded-full",
              isOverPicture
                ? "bg-white text-black disabled:opacity-60"
                : "text-link hover:bg-raised disabled:text-faint",
            )}
          >
            <SendSign isBusy={outgoing.isBusy} leftS={leftS} />
          </BareButton>
        )}
      </div>
    </form>
  );
}

function SendSign({ isBusy, leftS }: { isBusy: boolean; leftS: number }) {
  if (isBusy) return <LoaderCircle size={20} aria-hidden className="animate-spin" />;
  if (leftS > 0) return <span className="tabular text-sm font-semibold">{leftS}</span>;
  return <SendHorizontal size={20} aria-hidden className="rtl:-scale-x-100" />;
}

/** Above the field: why the last message did not go, how long the next one waits, how many characters are left. */
function Note({ outgoing, leftS, length }: { outgoing: OutgoingMessage; leftS: number; length: number }) {
  const { t } = useTranslation();
  const over = length - charactersMax;
  const [text, isProblem] =
    over > 0
      ? [t("field.tooLong", { count: over }), true]
      : outgoing.note !== null
        ? [outgoing.note.text, outgoing.note.isProblem]
        : leftS > 0
          ? [t("room.waitS", { count: leftS }), false]
          : [length >= countedFrom ? `${length} / ${charactersMax}` : "", false];
  return (
    <p
      role={isProblem ? "alert" : undefined}
      className={classNames(
        "px-4 text-xs text-shadow-none",
        text !== "" && "pb-1.5",
        isProblem ? "text-bad" : "text-soft",
      )}
    >
      {text}
    </p>
  );
}

/** The seconds until the next message may go; what was said of the last one is forgotten after a while. */
function useCountdown({ waitUntilMs, note, forget }: OutgoingMessage): number {
  const nowMs = useNow(waitUntilMs > Date.now());
  useEffect(() => {
    if (note === null || note.isProblem) return undefined;
    const timer = setTimeout(forget, 6_000);
    return () => clearTimeout(timer);
  }, [note, forget]);
  return Math.max(0, Math.ceil((waitUntilMs - Math.max(nowMs, Date.now())) / 1_000));
}
