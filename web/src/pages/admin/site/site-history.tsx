import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Pages } from "../frame/pages.tsx";

const historyQuery = infiniteQueryOptions({
  queryKey: keyOf("site-history"),
  queryFn: ({ pageParam, signal }) => ask("instance.history", { query: { cursor: pageParam, page_size: 10 }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});

/** The changes of the site's settings, with their authors and times. */
export function SiteHistory() {
  const { t, i18n } = useTranslation();
  const query = useInfiniteQuery(historyQuery);
  const texts = textsOf(i18n.language);
  // A field that a newer server has is named as the server names it.
  const nameOf = (field: string) => texts[`site.field.${field}`] ?? field;
  return (
    <Pages query={query} none={t("site.history.none")}>
      {({ id, actor, fields, created_at: at }) => (
        <li key={id} className="flex flex-wrap justify-between gap-x-3 rounded-xl bg-surface px-4 py-3">
          <span className="min-w-0">
            <bdi className="font-medium">{actor.nickname || actor.username || t("site.history.gone")}</bdi>
            <span className="block text-sm text-soft">
              {new Intl.ListFormat(i18n.language).format(fields.map(nameOf))}
            </span>
          </span>
          <time dateTime={at} title={formatDate(Date.parse(at), i18n.language)} className="text-sm text-soft">
            {formatAgo(Date.parse(at), Date.now(), i18n.language)}
          </time>
        </li>
      )}
    </Pages>
  );
}
