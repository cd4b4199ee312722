import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CheckCheck, Settings2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Notification } from "../api/types.ts";
import { formatAgo, formatDate } from "../format/format.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { Toggle } from "../ui/choice.tsx";
import { classNames } from "../ui/class-names.ts";
import { ReelDrawing } from "../ui/illustrations.tsx";
import { LoadMore } from "../ui/load-more.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorState, State, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { RowsSkeleton } from "./conversation-list.tsx";
import { notificationSettingsQuery, notificationsQuery } from "./queries.ts";

/** The notifications, merged and by day. */
export function Notifications() {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useInfiniteQuery(notificationsQuery);
  const [isSetting, setSetting] = useState(false);
  if (query.isPending) return <RowsSkeleton />;
  if (query.isError && query.data === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const rows = query.data?.pages.flatMap((page) => page.list) ?? [];
  const today = new Date().setHours(0, 0, 0, 0);
  const days = [
    { name: t("notice.today"), rows: rows.filter((row) => Date.parse(row.created_at) >= today) },
    { name: t("notice.earlier"), rows: rows.filter((row) => Date.parse(row.created_at) < today) },
  ];
  const readAll = () => {
    ask("message.readAll", { body: {} })
      .then(() =>
        Promise.all([["notifications"], ["unread"]].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
      )
      .catch((thrown: unknown) => void showToast(text(thrown)));
  };
  return (
    <>
      <div className="mb-2 flex justify-end gap-1">
        {rows.some((row) => !row.is_read) && (
          <Button look="ghost" onPress={readAll}>
            <CheckCheck size={18} aria-hidden />
            {t("notice.readAll")}
          </Button>
        )}
        <Button look="ghost" onPress={() => setSetting(true)}>
          <Settings2 size={18} aria-hidden />
          {t("notice.settings")}
        </Button>
      </div>
      <Sheet title={t("notice.settings.title")} isOpen={isSetting} onClose={() => setSetting(false)}>
        <Switches />
      </Sheet>
      {rows.length === 0 && (
        <State drawing={<ReelDrawing />} title={t("notice.empty.title")} text={t("notice.empty.text")} />
      )}
      {days.map(
        (day) =>
          day.rows.length > 0 && (
            <section key={day.name} aria-label={day.name} className="mb-4">
              <h2 className="mb-1 px-2 text-sm font-semibold text-soft">{day.name}</h2>
              <ul className="flex flex-col gap-1">
                {day.rows.map((row) => (
                  <li key={row.group_id}>
                    <Row notification={row} />
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
      <LoadMore query={query} />
    </>
  );
}

function Row({ notification }: { notification: Notification }) {
  const { t, i18n } = useTranslation();
  const { id, kind, sender, sender_count, title, content, is_read, created_at, video_id, comment_id } = notification;
  const name = sender === null ? t("notice.somebody") : sender.nickname || sender.username;
  const who = sender_count > 1 ? t("notice.many", { name, count: sender_count - 1 }) : name;
  const createdMs = Date.parse(created_at);
  const read = () => {
    if (!is_read) ask("message.readNotification", { path: { id }, body: { merged: true } }).catch(() => undefined);
  };
  const inside = (
    <>
      {sender === null ? <span className="size-11" /> : <Avatar user={sender} size="medium" />}
      <span className="min-w-0 flex-1">
        <span className="block">{t(`notice.${kind}`, { who, title })}</span>
        {content !== "" && kind !== "welcome" && (
          <span className="line-clamp-2 text-sm break-words text-soft">{content}</span>
        )}
        <time dateTime={created_at} title={formatDate(createdMs, i18n.language)} className="text-xs text-soft">
          {formatAgo(createdMs, Date.now(), i18n.language)}
        </time>
      </span>
      {!is_read && (
        <span className="size-2.5 shrink-0 rounded-full bg-accent">
          <span className="sr-only">{t("notice.new")}</span>
        </span>
      )}
    </>
  );
  const look = classNames("flex min-h-16 w-full items-center gap-3 rounded-lg px-2 py-2 text-start hover:bg-raised");
  if (isDecision(kind)) {
    return (
      <Link to="/reports" className={look} onClick={read}>
        {inside}
      </Link>
    );
  }
  if (video_id !== null) {
    return (
      <Link
        to="/watch/$id"
        params={{ id: video_id }}
        {...(comment_id !== null && { search: { comment: comment_id } })}
        className={look}
        onClick={read}
      >
        {inside}
      </Link>
    );
  }
  if (sender !== null) {
    return (
      <Link to="/@{$username}" params={{ username: sender.username }} className={look} onClick={read}>
        {inside}
      </Link>
    );
  }
  return (
    <button type="button" className={look} onClick={read}>
      {inside}
    </button>
  );
}

/** Decisions of moderators: they are read, and appealed against, where all of them are. */
const decisions = [
  "removed",
  "warned",
  "muted",
  "suspended",
  "banned",
  "decision_undone",
  "appeal_refused",
  "measure_ended",
] as const satisfies readonly Notification["kind"][];
const isDecision = (kind: Notification["kind"]): boolean => decisions.some((one) => one === kind);

const kinds = ["like", "comment", "reply", "mention", "comment_like", "follow", "published"] as const;

function Switches() {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useQuery(notificationSettingsQuery);
  if (query.data === undefined) {
    return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <RowsSkeleton />;
  }
  const settings = query.data;
  const change = (kind: (typeof kinds)[number], isOn: boolean) => {
    const key = notificationSettingsQuery.queryKey;
    queryClient.setQueryData(key, { ...settings, [kind]: isOn });
    ask("message.setSettings", { body: { [kind]: isOn } }).catch((thrown: unknown) => {
      queryClient.setQueryData(key, settings);
      showToast(text(thrown));
    });
  };
  return (
    <div className="flex flex-col gap-1">
      {kinds.map((kind) => (
        <Toggle
          key={kind}
          label={t(`notice.set.${kind}`)}
          isOn={settings[kind]}
          onChange={(isOn) => change(kind, isOn)}
        />
      ))}
    </div>
  );
}
