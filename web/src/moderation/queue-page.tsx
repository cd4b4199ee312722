import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { AdminFrame } from "../admin/admin-frame.tsx";
import { ask } from "../api/client.ts";
import type { ModerationCase } from "../api/generated.ts";
import { queryClient } from "../api/queries.ts";
import { Button } from "../ui/button.tsx";
import { ShelfDrawing } from "../ui/illustrations.tsx";
import { isTyping } from "../ui/is-typing.ts";
import { Select } from "../ui/select.tsx";
import { State, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { Appeals } from "./appeals.tsx";
import { CaseCard } from "./case-card.tsx";
import { DecideSheet, type Verdict } from "./decide-sheet.tsx";
import { type Kind, queueQuery } from "./paged.ts";
import { Pages } from "./pages.tsx";

const tabs = ["open", "held", "decided", "appeals"] as const;
type Tab = (typeof tabs)[number];
const kinds = ["video", "comment", "danmaku", "user", "message", "playlist"] as const satisfies readonly Kind[];
const sorts = ["oldest", "latest", "most"] as const;
type CaseSort = (typeof sorts)[number];

/** The cases that wait for a moderator, decided by mouse or by key. */
export function QueuePage() {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>("open");
  return (
    <AdminFrame title={t("cases.title")} forModerators>
      <div role="group" aria-label={t("cases.title")} className="flex flex-wrap gap-2">
        {tabs.map((one) => (
          <Button
            key={one}
            look={one === tab ? "main" : "plain"}
            aria-pressed={one === tab}
            onPress={() => setTab(one)}
          >
            {t(`cases.${one}`)}
          </Button>
        ))}
      </div>
      {tab === "appeals" ? <Appeals /> : <Cases key={tab} tab={tab} />}
    </AdminFrame>
  );
}

function Cases({ tab }: { tab: Exclude<Tab, "appeals"> }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind | "all">("all");
  const [sort, setSort] = useState<CaseSort>(tab === "decided" ? "latest" : "oldest");
  const query = useInfiniteQuery(
    queueQuery({
      state: tab === "decided" ? "decided" : "open",
      sort,
      ...(kind !== "all" && { kind }),
      ...(tab !== "decided" && { held: tab === "held" }),
    }),
  );
  const [place, setPlace] = useState(0);
  const [judged, setJudged] = useState<ModerationCase | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const items = query.data?.pages.flatMap((page) => page.list) ?? [];
  const at = Math.min(place, Math.max(0, items.length - 1));

  const { decide, decideNow, undo } = useDecisions();
  const go = (to: number) => {
    const next = Math.max(0, Math.min(items.length - 1, to));
    setPlace(next);
    list.current?.querySelectorAll<HTMLElement>("[data-case]")[next]?.focus();
  };
  useCaseKeys((key) => {
    const one = items[at];
    if (one === undefined || tab === "decided") return false;
    const card = () => list.current?.querySelectorAll("[data-case]")[at];
    if (key === "j") go(at + 1);
    else if (key === "k") go(at - 1);
    else if (key === "d") decideNow(one, "dismiss");
    else if (key === "r" && one.kind !== "user") decideNow(one, "remove");
    else if (key === "m") setJudged(one);
    else if (key === "o") card()?.querySelector<HTMLAnchorElement>("a[data-look]")?.click();
    else return false;
    return true;
  });

  return (
    <div ref={list} className="flex flex-col gap-4">
      <Filters {...{ kind, setKind, sort, setSort }} />
      {tab !== "decided" && items.length > 0 && <p className="hidden text-sm text-soft sm:block">{t("cases.keys")}</p>}
      <Pages
        query={query}
        none={
          <State drawing={<ShelfDrawing />} title={t("cases.none.title")} text={t("cases.none.text")}>
            {null}
          </State>
        }
      >
        {(one, n) => (
          <CaseCard
            key={one.id}
            one={one}
            isCurrent={n === at && tab !== "decided"}
            onFocus={() => setPlace(n)}
            onAct={(action) => decideNow(one, action)}
            onMore={() => setJudged(one)}
            onUndo={() => void undo(one.id)}
          />
        )}
      </Pages>
      {judged !== null && (
        <DecideSheet
          title={t("cases.decide")}
          acts={
            judged.kind === "user"
              ? ["warn", "mute", "suspend", "ban", "dismiss"]
              : ["remove", "warn", "mute", "suspend", "ban", "dismiss"]
          }
          onDecide={(verdict) => decide(judged, verdict)}
          onClose={() => setJudged(null)}
        />
      )}
    </div>
  );
}

interface FiltersProps {
  kind: Kind | "all";
  setKind: (kind: Kind | "all") => void;
  sort: CaseSort;
  setSort: (sort: CaseSort) => void;
}

/** Which cases are listed, and in which order. */
function Filters({ kind, setKind, sort, setSort }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <div className="grid grid-cols-2 gap-3">
      <Select
        label={t("cases.kind")}
        value={kind}
        onChange={setKind}
        options={[
          { value: "all" as const, name: t("cases.kind.all") },
          ...kinds.map((value) => ({ value, name: t(`kind.${value}`) })),
        ]}
      />
      <Select
        label={t("cases.sort")}
        value={sort}
        onChange={setSort}
        options={sorts.map((value) => ({ value, name: t(`cases.sort.${value}`) }))}
      />
    </div>
  );
}

/** Decides cases, says so, and offers to undo what is not final. */
function useDecisions() {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["moderation"] });
  const undo = async (id: number) => {
    try {
      await ask("moderation.undo", { path: { id }, body: {} });
    } catch (thrown) {
      showToast(textOf(thrown));
    }
    await refresh();
  };
  const decide = async (one: ModerationCase, verdict: Verdict) => {
    const decided = await ask("moderation.resolve", { path: { id: one.id }, body: verdict });
    await refresh();
    showToast(
      t("cases.decided.toast", { outcome: t(`outcome.${verdict.action}`) }),
      decided.is_final ? undefined : { name: t("cases.undo"), run: () => void undo(decided.id) },
    );
  };
  const decideNow = (one: ModerationCase, action: "dismiss" | "remove") =>
    void decide(one, { action, note: "" }).catch((thrown: unknown) => {
      showToast(textOf(thrown));
      void refresh();
    });
  return { decide, decideNow, undo };
}

/** The keys of the page; `onKey` yields whether one meant something. */
function useCaseKeys(onKey: (key: string) => boolean): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
