import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { ModerationCase, Operations } from "#base/api/types.ts";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { mediaHook } from "#base/ui/use-media.ts";
import { countsQuery, type Kind, queueQuery } from "#parts/report/queries.ts";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { Appeals } from "./appeals.tsx";
import { CaseArea } from "./case-area.tsx";
import { CaseList } from "./case-list.tsx";
import { type CaseSort, QueueFilters } from "./queue-filters.tsx";

const tabs = ["open", "held", "mine", "appeals", "decided"] as const;
type Tab = (typeof tabs)[number];
type Counts = Operations["moderation.counts"]["answer"];

/** The number of cases that wait in a tab; none do in that of decided cases. */
const countOf = (tab: Tab, counts: Counts | undefined): number =>
  tab === "decided" || counts === undefined ? 0 : counts[tab];

/** True if the queue and a case have room beside each other. */
const useTwoPanes = mediaHook("(min-width: 1024px)");

/** The cases that wait for a moderator: the queue, and beside it the case that is looked at. */
export function QueuePage() {
  const { t } = useTranslation();
  const me = useMe();
  const isStaff = me?.role === "admin" || me?.role === "moderator";
  const { data: counts, isPending } = useQuery({ ...countsQuery, enabled: isStaff });
  const [chosen, setTab] = useState<Tab | null>(null);
  // It begins with the first one in which something waits, and stays there when that is done.
  const [first, setFirst] = useState<Tab | null>(null);
  if (counts !== undefined && first === null) setFirst(tabs.find((item) => countOf(item, counts) > 0) ?? "open");
  const tab = chosen ?? first ?? "open";
  const navigate = useNavigate();
  const hasTwoPanes = useTwoPanes();
  const isOneCase = useSearch({ from: "/moderation" }).show !== undefined;
  const change = (to: Tab) => {
    setTab(to);
    // A case of one list is not among those of another.
    void navigate({ to: "/moderation", search: {}, replace: true, resetScroll: false });
  };
  return (
    <AdminFrame title={t("cases.title")} forModerators isWide={tab !== "appeals"}>
      {(!isOneCase || hasTwoPanes) && <Tabs tab={tab} counts={counts} onChange={change} />}
      {tab === "appeals" ? <Appeals /> : !(isStaff && isPending) && <Cases key={tab} tab={tab} />}
    </AdminFrame>
  );
}

interface TabsProps {
  tab: Tab;
  counts: Counts | undefined;
  onChange: (tab: Tab) => void;
}

function Tabs({ tab, counts, onChange }: TabsProps) {
  const { t } = useTranslation();
  return (
    <div
      role="group"
      aria-label={t("cases.title")}
      className="-mx-4 flex gap-2 overflow-x-auto px-4 [scrollbar-width:none] lg:mx-0 lg:flex-wrap lg:px-0"
    >
      {tabs.map((item) => (
        <button
          key={item}
          type="button"
          aria-pressed={item === tab}
          onClick={() => onChange(item)}
          className={chipClass(item === tab)}
        >
          {t(`cases.${item}`)}
          {countOf(item, counts) > 0 && <span className="tabular ms-1.5 font-semibold">{countOf(item, counts)}</span>}
        </button>
      ))}
    </div>
  );
}

function Cases({ tab }: { tab: Exclude<Tab, "appeals"> }) {
  const [kind, setKind] = useState<Kind | "all">("all");
  const [sort, setSort] = useState<CaseSort>(tab === "decided" ? "latest" : "oldest");
  const query = useInfiniteQuery(
    queueQuery({
      state: tab === "decided" ? "decided" : "open",
      sort,
      ...(kind !== "all" && { kind }),
      ...(tab === "mine" && { mine: true }),
      ...((tab === "open" || tab === "held") && { held: tab === "held" }),
    }),
  );
  const items = query.data?.pages.flatMap((page) => page.list) ?? [];
  const { shown, show } = useShownCase(items);
  const hasTwoPanes = useTwoPanes();
  const list = (
    <div className="flex min-w-0 flex-col gap-4">
      <QueueFilters {...{ kind, setKind, sort, setSort }} />
      <CaseList query={query} shownId={hasTwoPanes ? shown : null} />
    </div>
  );
  // Nothing to show beside it: an empty queue, or a phone.
  if (shown === null && !(hasTwoPanes && query.isPending)) return list;
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[17rem_minmax(0,1fr)]">
      {hasTwoPanes && list}
      {shown === null ? (
        <Skeleton className="h-96 rounded-xl" />
      ) : (
        <CaseArea id={shown} items={items} onShow={show} hasTwoPanes={hasTwoPanes} />
      )}
    </div>
  );
}

/** The case in the address; where there is room beside the queue, the first one without being asked. */
function useShownCase(items: readonly ModerationCase[]) {
  const search = useSearch({ from: "/moderation" });
  const navigate = useNavigate();
  const hasTwoPanes = useTwoPanes();
  return {
    shown: search.show ?? (hasTwoPanes ? (items[0]?.id ?? null) : null),
    show: (id: number | null) =>
      void navigate({ to: "/moderation", search: id === null ? {} : { show: id }, replace: true, resetScroll: false }),
  };
}
