import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { conversationsQuery, type Folder } from "#base/api/message-queries.ts";
import type { Conversation, Message } from "#base/api/types.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { ReelDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { isTakenAway } from "./taken-away.ts";

/** One's conversations, the latest first. */
export function ConversationList({ folder }: { folder: Folder }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(conversationsQuery(folder));
  if (query.isPending) return <RowsSkeleton />;
  if (query.isError && query.data === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const rows = query.data?.pages.flatMap((page) => page.list) ?? [];
  if (rows.length === 0) {
    return folder === "inbox" ? (
      <State isPart drawing={<ReelDrawing />} title={t("inbox.empty.title")} text={t("inbox.empty.text")} />
    ) : (
      <State isPart drawing={<ReelDrawing />} title={t("inbox.noRequests.title")} text={t("inbox.noRequests.text")} />
    );
  }
  return (
    <>
      <ul aria-label={t("inbox.list")} className="flex flex-col gap-1">
        {rows.map((row) => (
          <li key={row.id}>
            <Row conversation={row} />
          </li>
        ))}
      </ul>
      <LoadMore query={query} className="mt-3" />
    </>
  );
}

function Row({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation();
  const { id, user_id, username, avatar, last_message, unread_count, updated_at } = conversation;
  const name = useNameOf()(conversation);
  const updatedMs = Date.parse(updated_at);
  const text = usePreview()(last_message);
  return (
    <Link
      to="/inbox/$id"
      params={{ id }}
      className="flex min-h-16 items-center gap-3 rounded-lg px-2 py-2 hover:bg-raised data-[status=active]:bg-raised"
    >
      <Avatar user={{ id: user_id, username, nickname: name, avatar }} size="medium" />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
          <time dateTime={updated_at} title={formatDate(updatedMs, i18n.language)} className="text-xs text-soft">
            {formatAgo(updatedMs, Date.now(), i18n.language)}
          </time>
        </span>
        <span className="flex items-center gap-2">
          <span className={classNames("min-w-0 flex-1 truncate text-sm", unread_count > 0 ? "text-ink" : "text-soft")}>
            {last_message?.is_mine === true && !isTakenAway(last_message) ? t("inbox.you", { text }) : text}
          </span>
          {unread_count > 0 && (
            <span className="tabular rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent">
              <span aria-hidden>{unread_count > 99 ? "99+" : unread_count}</span>
              <span className="sr-only">{t("nav.unread", { count: unread_count })}</span>
            </span>
          )}
        </span>
      </span>
    </Link>
  );
}

/** The name of a user; a deleted account has none. */
export function useNameOf(): (person: { nickname: string; username: string }) => string {
  const { t } = useTranslation();
  return ({ nickname, username }) => nickname || username || t("inbox.deleted");
}

function usePreview(): (message: Message | null) => string {
  const { t } = useTranslation();
  return (message) => {
    if (message === null) return "";
    if (isTakenAway(message)) return t("chat.takenAway");
    if (message.content !== "") return message.content;
    return message.type === 2 ? t("inbox.picture") : message.type === 4 ? t("inbox.voice") : t("inbox.video");
  };
}

export function RowsSkeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-1">
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} className="flex min-h-16 items-center gap-3 px-2">
          <Skeleton className="size-11 rounded-full!" />
          <div className="flex-1">
            <Skeleton className="mb-2 h-4 w-1/3" />
            <Skeleton className="h-3 w-2/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
