import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Settings2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { type NotificationFilter, notificationsQuery } from "#base/api/message-queries.ts";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Notification } from "#base/api/types.ts";
import { deviceOf } from "#base/format/device.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { useUnread } from "#base/frame/unread.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { classNames } from "#base/ui/class-names.ts";
import { ReelDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { thumbUrl } from "#base/ui/videos/thumb.ts";
import { SiteIcon } from "#parts/shell/logo.tsx";
import { RowsSkeleton } from "./conversation-list.tsx";
import { NewFollowers } from "./new-followers.tsx";
import { notificationDay, notificationDays } from "./notification-days.ts";
import { PushOffer } from "./push-offer.tsx";

/** Notifications that were shown are read; the marks of new ones stay until the list is opened again. */
function useReadOnceShown(hasNew: boolean): void {
  useEffect(() => {
    if (!hasNew || document.hidden) return;
    ask("message.readAll", { body: {} }).then(
      () => invalidate(keyOf("unread")),
      // They are read the next time.
      () => undefined,
    );
  }, [hasNew]);
}

const filters = ["all", "comments", "followers"] as const satisfies readonly NotificationFilter[];

/** The notifications, merged and by day; as a column beside others with its name, and of one kind alone if wanted. */
export function Notifications({ isColumn = false }: { isColumn?: boolean }) {
  const me = useMe();
  const [filter, setFilter] = useState<NotificationFilter>("all");
  return (
    <>
      {isColumn && <ColumnHead filter={filter} onFilter={setFilter} />}
      {me != null && <PushOffer userId={me.id} />}
      <Days key={filter} filter={filter} />
    </>
  );
}

/** Leads to which of them one gets. */
export function SettingsLink() {
  const { t } = useTranslation();
  return (
    <Link
      to="/settings/$section"
      params={{ section: "notifications" }}
      aria-label={t("notice.settings")}
      title={t("notice.settings")}
      className="grid size-11 place-items-center rounded-full text-soft hover:bg-raised hover:text-ink"
    >
      <Settings2 size={18} aria-hidden />
    </Link>
  );
}

function ColumnHead({
  filter,
  onFilter,
}: {
  filter: NotificationFilter;
  onFilter: (filter: NotificationFilter) => void;
}) {
  const { t } = useTranslation();
  const { notifications } = useUnread(useMe()?.id);
  return (
    <>
      <div className="flex min-h-11 items-center justify-between ps-2">
        <h2 className="text-xl font-semibold">{t("inbox.notifications")}</h2>
        <SettingsLink />
      </div>
      <div role="group" aria-label={t("notice.filter")} className="mb-3 flex flex-wrap gap-2 px-2 pt-1">
        {filters.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === filter}
            onClick={() => onFilter(name)}
            className={chipClass(name === filter)}
          >
            {t(`notice.filter.${name}`)}
            {name === "all" && notifications > 0 && <span className="tabular font-semibold">{notifications}</span>}
          </button>
        ))}
      </div>
    </>
  );
}

function Days({ filter }: { filter: NotificationFilter }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(notificationsQuery(filter));
  useReadOnceShown(filter === "all" && query.data?.pages[0]?.list.some((row) => !row.is_read) === true);
  if (query.isPending) return <RowsSkeleton />;
  if (query.isError && query.data === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const rows = query.data?.pages.flatMap((page) => page.list) ?? [];
  const now = new Date();
  const days = notificationDays.map((name) => ({
    name,
    rows: rows.filter(({ created_at }) => notificationDay(new Date(created_at), now) === name),
  }));
  return (
    <>
      {rows.length === 0 && (
        <State isPart drawing={<ReelDrawing />} title={t("notice.empty.title")} text={t("notice.empty.text")} />
      )}
      {days.map(
        (day) =>
          day.rows.length > 0 && (
            <section key={day.name} aria-label={t(`notice.${day.name}`)} className="mb-4">
              <h2 className="mb-1 px-2 text-sm font-semibold text-soft">{t(`notice.${day.name}`)}</h2>
              <ul className="flex flex-col gap-1">
                {day.rows.map((row) => (
                  <li key={row.group_id} className={rowClass(row)}>
                    <Row notification={row} />
                    {row.kind === "follow" && row.sender !== null && row.sender_count === 1 && (
                      <FollowBack sender={row.sender} />
                    )}
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

/**
 * Pictures of the users of a notification: two overlap, and one stands alone. A notification of the instance has its
 * icon.
 */
function Faces({ notification: { sender, senders } }: { notification: Notification }) {
  if (sender === null) return <SiteIcon size={44} />;
  const other = senders.find(({ id }) => id !== sender.id);
  if (other === undefined) return <Avatar user={sender} size="medium" />;
  return (
    <span className="relative block size-11 shrink-0">
      <Avatar user={other} className="absolute end-0 bottom-0" />
      <Avatar user={sender} className="absolute start-0 top-0 ring-2 ring-page" />
    </span>
  );
}

/** The event with the name set off from it, and the words it is about. */
function Sentence({ notification }: { notification: Notification }) {
  const { t } = useTranslation();
  const { kind, sender, sender_count, title, alert } = notification;
  const content =
    kind === "alerted" && alert !== "token_made" ? deviceOf(notification.content).name : notification.content;
  const name = sender === null ? t("notice.somebody") : sender.nickname || sender.username;
  const who = sender_count > 1 ? t("notice.many", { name, count: sender_count - 1 }) : name;
  const text = alert === null ? t(`notice.${kind}`, { who, title }) : t(`notice.alerted.${alert}`);
  const at = sender === null ? -1 : text.indexOf(name);
  return (
    <>
      <span className="line-clamp-3 break-words">
        {at < 0 ? (
          text
        ) : (
          <>
            {text.slice(0, at)}
            <bdi className="font-semibold">{name}</bdi>
            {text.slice(at + name.length)}
          </>
        )}
      </span>
      {content !== "" && kind !== "welcome" && (
        <span className="line-clamp-2 text-sm break-words text-soft">{content}</span>
      )}
    </>
  );
}

/** The video it is about. Decorative: the row leads there. */
function Picture({ cover }: { cover: NonNullable<Notification["cover"]> }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return null;
  const thumb = thumbUrl(cover.thumb);
  return (
    <img
      src={cover.cover_url}
      alt=""
      loading="lazy"
      decoding="async"
      className="h-12 w-12 shrink-0 rounded-lg bg-raised bg-cover object-cover"
      {...(thumb !== null && { style: { backgroundImage: `url("${thumb}")` } })}
      onError={() => setBroken(true)}
    />
  );
}

const rowClass = ({ is_read }: Notification): string =>
  classNames("rounded-lg hover:bg-raised", !is_read && "bg-accent/10");

/** For a new follower whom the viewer does not follow. It stays after that, to take it back. */
function FollowBack({ sender }: { sender: NonNullable<Notification["sender"]> }) {
  const { t } = useTranslation();
  const [isOffered] = useState(!sender.is_followed);
  if (!isOffered) return null;
  return (
    <div className="ms-16 -mt-1 mb-3">
      <FollowButton user={sender} look="plain" label={t("notice.followBack")} />
    </div>
  );
}

function RowContent({ notification }: { notification: Notification }) {
  const { t, i18n } = useTranslation();
  const { is_read, created_at, cover } = notification;
  const createdMs = Date.parse(created_at);
  return (
    <>
      <Faces notification={notification} />
      <span className="min-w-0 flex-1">
        <Sentence notification={notification} />
        <time dateTime={created_at} title={formatDate(createdMs, i18n.language)} className="text-xs text-soft">
          {formatAgo(createdMs, Date.now(), i18n.language)}
        </time>
      </span>
      {cover !== null && <Picture cover={cover} />}
      {!is_read && <span className="sr-only">{t("notice.new")}</span>}
    </>
  );
}

function Row({ notification }: { notification: Notification }) {
  const { id, kind, sender, is_read, video_id, live_id, comment_id } = notification;
  const read = () => {
    if (!is_read) ask("message.readNotification", { path: { id }, body: { merged: true } }).catch(() => undefined);
  };
  const inside = <RowContent notification={notification} />;
  const [isOpen, setOpen] = useState(false);
  const look = "flex min-h-16 w-full gap-3 rounded-lg px-2 py-2 text-start";
  if (kind === "alerted") {
    return (
      <Link to="/settings/$section" params={{ section: "security" }} className={look} onClick={read}>
        {inside}
      </Link>
    );
  }
  if (kind === "follow_request" || isDecision(kind)) {
    return (
      <Link to={kind === "follow_request" ? "/follow-requests" : "/reports"} className={look} onClick={read}>
        {inside}
      </Link>
    );
  }
  if (live_id !== null) {
    return (
      <Link to="/live/$id" params={{ id: live_id }} className={look} onClick={read}>
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
  if (kind === "follow" && notification.sender_count > 1) {
    return (
      <>
        <button
          type="button"
          aria-haspopup="dialog"
          className={classNames(look, "items-center")}
          onClick={() => {
            read();
            setOpen(true);
          }}
        >
          {inside}
          <ChevronRight size={18} aria-hidden className="shrink-0 text-faint rtl:-scale-x-100" />
        </button>
        {isOpen && <NewFollowers notification={notification} onClose={() => setOpen(false)} />}
      </>
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
const isDecision = (kind: Notification["kind"]): boolean => decisions.some((decision) => decision === kind);
