import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { userQuery } from "#base/api/queries.ts";
import type { ModerationCase } from "#base/api/types.ts";
import { formatDay, formatShortDay } from "#base/format/format.ts";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { type Act, caseHistoryQuery } from "#parts/report/queries.ts";
import { nameOf } from "./case-text.ts";

const dots: Record<Act, string> = {
  dismiss: "bg-strong",
  warn: "bg-warn",
  mute: "bg-warn",
  remove: "bg-bad",
  suspend: "bg-bad",
  ban: "bg-bad",
};

/** The author of a case, with earlier reports and decisions about them. */
export function CaseHistory({ item }: { item: ModerationCase }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(caseHistoryQuery(item.id));
  const items = query.data?.pages.flatMap(({ list }) => list);
  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="min-w-0 text-sm font-semibold break-words">
          {nameOf(item.author) === "" ? t("cases.history") : <bdi>{nameOf(item.author)}</bdi>}
        </h3>
        {item.author !== null && item.author.username !== "" && <Standing username={item.author.username} />}
      </div>
      {items === undefined ? (
        query.isError ? (
          <LoadFailed query={query} />
        ) : (
          <Skeleton className="h-6 rounded-lg" />
        )
      ) : items.length === 0 ? (
        <p className="text-sm text-soft">{t("cases.history.none")}</p>
      ) : (
        <>
          <ul className="-mx-2 flex flex-col">
            {items.map((item) => (
              <HistoryRow key={item.id} item={item} />
            ))}
          </ul>
          <LoadMore query={query} />
        </>
      )}
    </section>
  );
}

function HistoryRow({ item }: { item: ModerationCase }) {
  const { t, i18n } = useTranslation();
  return (
    <li>
      <Link
        to="/moderation"
        search={{ show: item.id }}
        resetScroll={false}
        className="flex min-h-11 items-center gap-2.5 rounded-lg px-2 text-sm hover:bg-raised pointer-fine:min-h-9"
      >
        <span
          aria-hidden
          className={`size-2 shrink-0 rounded-full ${item.action === null ? "border border-ink" : dots[item.action]}`}
        />
        <span className="min-w-0 flex-1 truncate" title={item.excerpt}>
          {t(item.action === null ? "outcome.open" : `outcome.${item.action}`)} · {t(`kind.${item.kind}`)}
        </span>
        <span className="shrink-0 text-xs text-soft">
          {formatShortDay(Date.parse(item.decided_at ?? item.created_at), Date.now(), i18n.language)}
        </span>
      </Link>
    </li>
  );
}

function Standing({ username }: { username: string }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({ ...userQuery(username), retry: false });
  if (data === undefined) return null;
  return (
    <p className="text-xs text-soft">
      {t("admin.joined", { date: formatDay(Date.parse(data.created_at), i18n.language) })} ·{" "}
      {t("cases.videos", { count: data.video_count })}
    </p>
  );
}
