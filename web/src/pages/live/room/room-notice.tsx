import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { formatDate, formatDuration, formatLength } from "#base/format/format.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { countdownOf, type RoomState } from "#parts/live/room-state.ts";
import { useNow } from "#parts/live/use-now.ts";
import { Notice } from "./notice.tsx";

/** Why there is no stream now, and what comes; nothing while there is one. */
export function RoomNotice({ live, state }: { live: Live; state: RoomState }) {
  const { t, i18n } = useTranslation();
  const name = live.owner.nickname || live.owner.username;
  if (live.is_removed)
    return (
      <Notice title={t("live.takenDown.title")} text={t("live.takenDown.text")}>
        <LinkButton look="inverse" to="/reports">
          {t("live.takenDown.open")}
        </LinkButton>
      </Notice>
    );
  switch (state) {
    case "live":
      return undefined;
    case "paused":
      return <Notice title={t("live.paused.title")} text={t("live.paused.text")} />;
    case "ended":
      return (
        <Notice
          title={t("live.ended.title")}
          {...(live.duration > 0 && { text: t("live.ended.text", { time: formatLength(live.duration) }) })}
        >
          <LinkButton look="inverse" to="/@{$username}" params={{ username: live.owner.username }}>
            {t("live.ended.profile", { name })}
          </LinkButton>
          <LinkButton to="/live">{t("live.others")}</LinkButton>
        </Notice>
      );
    case "scheduled":
      return (
        <Notice
          title={t("live.scheduled.title")}
          text={formatDate(Date.parse(live.scheduled_at ?? live.created_at), i18n.language)}
          lead={<Countdown untilMs={Date.parse(live.scheduled_at ?? live.created_at)} />}
        >
          <GoLive live={live} />
        </Notice>
      );
    case "waiting":
      return (
        <Notice
          title={t("live.waiting.title")}
          text={t(live.is_mine ? "live.waiting.own" : "live.waiting.text", { name })}
        >
          <GoLive live={live} />
        </Notice>
      );
  }
}

/** The way of its host to the page that opens the room. */
function GoLive({ live }: { live: Live }) {
  const { t } = useTranslation();
  if (!live.is_mine) return null;
  return (
    <LinkButton look="main" to="/live/new" search={{ room: live.id }}>
      {t("live.go")}
    </LinkButton>
  );
}

function Countdown({ untilMs }: { untilMs: number }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const { days, hours, minutes, seconds } = countdownOf(untilMs - nowMs);
  return (
    <p role="timer" className="tabular text-3xl font-semibold">
      {days > 0 && `${t("live.days", { count: days })} `}
      {formatDuration(hours * 3_600 + minutes * 60 + seconds)}
    </p>
  );
}
