import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { formatAgo } from "#base/format/format.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { Pages } from "../frame/pages.tsx";

const deletionsQuery = infiniteQueryOptions({
  queryKey: keyOf("deletions"),
  queryFn: ({ pageParam, signal }) => ask("auth.deletions", { query: { cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});

/** Deleted accounts, and the services that have confirmed that nothing of them is left. */
export function DeletionsPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.deletions")}>
      <Deletions />
    </AdminFrame>
  );
}

function Deletions() {
  const { t, i18n } = useTranslation();
  const query = useInfiniteQuery(deletionsQuery);
  return (
    <Pages
      query={query}
      none={
        <State drawing={<ShelfDrawing />} title={t("admin.deletions.none")} text={t("admin.deletions.none.text")} />
      }
    >
      {({ user_id, begun_at, missing, receipts }) => (
        <li key={user_id} className="flex items-start gap-3 rounded-xl bg-surface p-4">
          {missing.length === 0 ? (
            <CircleCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-good" />
          ) : (
            <CircleAlert size={20} aria-hidden className="mt-0.5 shrink-0 text-bad" />
          )}
          <div className="min-w-0">
            <p className="font-medium">{t("admin.deletions.row", { id: user_id })}</p>
            <p className="text-sm text-soft">
              {formatAgo(Date.parse(begun_at), Date.now(), i18n.language)} ·{" "}
              {missing.length === 0
                ? t("admin.deletions.done")
                : t("admin.deletions.missing", { services: missing.join(", ") })}
            </p>
            <p className="text-sm break-words text-soft">{receipts.map(({ service }) => service).join(", ")}</p>
          </div>
        </li>
      )}
    </Pages>
  );
}
