import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Settings2 } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Notification } from "../api/types.ts";
import { formatAgo, formatDate } from "../format/format.ts";
import { Avatar } from "../ui/avatar.tsx";
import { LinkButton } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { ReelDrawing } from "../ui/illustrations.tsx";
import { LoadMore } from "../ui/load-more.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { RowsSkeleton } from "./conversation-list.tsx";
import { notificationsQuery } from "./queries.ts";

/** What was shown is read; the marks of what was new stay until the list is opened again. */
function useReadOnceShown(hasNew: boolean): void {
  useEffect(() => {
    if (!hasNew || document.hidden) return;
    ask("message.readAll", { body: {} }).then(
      () => queryClient.invalidateQueries({ queryKey: ["unread"] }),
      // They are read the next time.
      () => undefined,
    );
  }, [hasNew]);
}

/** The notifications, merged and by day. */
export function Notifications() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(notificationsQuery);
  useReadOnceShown(query.data?.pages[0]?.list.some((row) => !row.is_read) === true);
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
  return (
    <>
      <div className="mb-2 flex justify-end">
        <LinkButton look="ghost" to="/settings/$section" params={{ section: "notifications" }}>
          <Settings2 size={18} aria-hidden />
          {t("notice.settings")}
        </LinkButton>
      </div>
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
