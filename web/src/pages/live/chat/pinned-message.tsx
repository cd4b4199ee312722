import { Pin, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { nameOf } from "../feed/lines.ts";
import { useRoomView } from "../feed/use-room-feed.ts";
import { BadgeOf } from "./message-row.tsx";

/** The message that stays above the others. */
export function PinnedMessage({ liveId, isOverPicture = false }: { liveId: number; isOverPicture?: boolean }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const pinned = useRoomView((view) => view.pinned);
  const mayModerate = useRoomView((view) => view.mayModerate);
  if (pinned === null) return null;
  const unpin = () => ask("live.unpin", { path: { id: liveId } }).catch((thrown: unknown) => showToast(text(thrown)));
  return (
    <div
      className={classNames(
        "animate-rise flex shrink-0 items-start gap-2 rounded-xl p-2.5 ps-3",
        isOverPicture ? "me-10 bg-black/55 text-white" : "mx-3 mb-2 bg-raised",
      )}
    >
      <Pin size={14} aria-hidden className="mt-1 shrink-0 text-warn" />
      <p className="line-clamp-3 min-w-0 flex-1 text-sm/5 wrap-anywhere">
        <span className="sr-only">{t("room.pinned")} </span>
        <BadgeOf badge={pinned.badge} />
        <bdi className={classNames("font-semibold", isOverPicture ? "text-white/80" : "text-soft")}>
          {nameOf(pinned)}
        </bdi>{" "}
        <bdi>{pinned.text}</bdi>
      </p>
      {mayModerate && (
        <BareButton
          aria-label={t("room.unpin")}
          className="-m-1 grid size-8 shrink-0 place-items-center rounded-full hover:bg-strong"
          onPress={() => void unpin()}
        >
          <X size={16} aria-hidden />
        </BareButton>
      )}
    </div>
  );
}
