import { Heart } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { GiftIcon } from "#parts/live/gift-icon.tsx";
import { useServerName } from "#parts/live/server-name.ts";
import { type ChatLine, type GiftLine, nameOf, type RoomLine } from "../feed/lines.ts";
import { useRoomView } from "../feed/use-room-feed.ts";
import { MessageMenu } from "./message-menu.tsx";

interface MessageRowProps {
  line: RoomLine;
  live: Live;
  onMention: (username: string) => void;
  isOverPicture: boolean;
}

/** One message, or a gift. */
export const MessageRow = memo(function MessageRow({ line, live, onMention, isOverPicture }: MessageRowProps) {
  if (line.kind === "gift") return <GiftRow {...{ line, live, onMention, isOverPicture }} />;
  return (
    <div
      className={classNames(
        "group/message relative flex gap-2 rounded-lg py-1",
        isOverPicture ? "text-shadow-video text-white" : "px-2 hover:bg-raised has-[[aria-expanded=true]]:bg-raised",
      )}
    >
      <Avatar user={{ ...line, id: line.userId }} size="tiny" />
      <p className="min-w-0 flex-1 text-sm/5 wrap-anywhere whitespace-pre-line">
        <BadgeOf badge={line.badge} />
        <FanLevel level={line.fanLevel} />
        <bdi className={classNames("font-semibold", isOverPicture ? "text-white/80" : "text-soft")}>{nameOf(line)}</bdi>{" "}
        <bdi>{line.text}</bdi>
      </p>
      <MessageMenu {...{ line, live, onMention }} />
    </div>
  );
});

const badgeLooks = {
  host: "bg-accent/12 text-link",
  moderator: "bg-good/12 text-good",
} as const;

/** The badge of a user who is more than a viewer here. */
export function BadgeOf({ badge }: Pick<ChatLine, "badge">) {
  const { t } = useTranslation();
  if (badge === "") return null;
  return (
    <span
      className={classNames("me-1.5 rounded px-1.5 py-0.5 text-xs font-semibold text-shadow-none", badgeLooks[badge])}
    >
      {t(`room.badge.${badge}`)}
    </span>
  );
}

/** How far a member of the host's fan club is. */
function FanLevel({ level }: { level: number }) {
  const { t } = useTranslation();
  if (level === 0) return null;
  return (
    <span
      role="img"
      aria-label={t("club.levelOf", { level })}
      className="me-1.5 inline-flex items-center gap-0.5 rounded bg-accent/12 px-1.5 py-0.5 align-[-1px] text-xs font-semibold text-link text-shadow-none"
    >
      <Heart size={11} aria-hidden className="fill-current" />
      <span className="tabular">{level}</span>
    </span>
  );
}

function GiftRow({ line, live, onMention, isOverPicture }: MessageRowProps & { line: GiftLine }) {
  const { t } = useTranslation();
  const mayModerate = useRoomView((view) => view.mayModerate);
  const giftName = useServerName();
  const name = nameOf(line) || t("room.nameless");
  return (
    <div
      className={classNames(
        "group/message relative flex min-h-9 items-center gap-2 rounded-lg py-1",
        isOverPicture ? "text-shadow-video text-white" : "bg-warn/12 px-2",
      )}
    >
      <Avatar user={{ ...line, id: line.userId, username: name }} size="tiny" />
      <p className="min-w-0 flex-1 text-sm wrap-anywhere">
        <bdi className="font-semibold">{name}</bdi>{" "}
        <span className={isOverPicture ? "text-white/80" : "text-soft"}>
          {t("room.sentGift", { gift: giftName("gift", line.giftSlug, line.giftName) })}
        </span>
        {line.text !== "" && (
          <>
            {" "}
            <bdi>{line.text}</bdi>
          </>
        )}
      </p>
      <span className="text-base">
        <GiftIcon slug={line.giftSlug} icon={line.icon} />
      </span>
      <span className={classNames("tabular font-semibold", isOverPicture ? "text-[#ffd166]" : "text-warn")}>
        ×{Math.max(line.comboCount, line.quantity)}
      </span>
      {(line.userId !== 0 || mayModerate) && <MessageMenu {...{ line, live, onMention }} />}
    </div>
  );
}
