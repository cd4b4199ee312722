import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModerationCase } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { caseQuery } from "#parts/report/queries.ts";
import { BrokenRule } from "./broken-rule.tsx";
import { CasePane } from "./case-pane.tsx";
import { DecideSheet } from "./decide-sheet.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { useCaseKeys } from "./use-case-keys.ts";
import { useDecisions } from "./use-decisions.ts";

interface CaseAreaProps {
  id: number;
  items: readonly ModerationCase[];
  onShow: (id: number | null) => void;
  hasTwoPanes: boolean;
}

/** One case, what can be done about it, and the ways to the ones before and after it. */
export function CaseArea({ id, items, onShow, hasTwoPanes }: CaseAreaProps) {
  const { t } = useTranslation();
  const listed = items.find((item) => item.id === id);
  // A link may lead to a case that is not among those that are listed.
  const query = useQuery({ ...caseQuery(id), enabled: listed === undefined });
  const item = listed ?? query.data;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {!hasTwoPanes && (
        <div>
          <Button look="ghost" className="-ms-3" onPress={() => onShow(null)}>
            <ArrowLeft size={18} aria-hidden className="rtl:-scale-x-100" />
            {t("cases.back")}
          </Button>
        </div>
      )}
      {item !== undefined ? (
        <Judged key={item.id} item={item} items={items} onShow={onShow} hasTwoPanes={hasTwoPanes} />
      ) : query.isError ? (
        <LoadFailed query={query} />
      ) : (
        <Skeleton className="h-96 rounded-xl" />
      )}
    </div>
  );
}

interface JudgedProps extends Omit<CaseAreaProps, "id"> {
  item: ModerationCase;
}

function Judged({ item, items, onShow, hasTwoPanes }: JudgedProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const [rule, setRule] = useState("");
  const [isChoosing, setChoosing] = useState(false);
  const place = items.findIndex(({ id }) => id === item.id);
  const neighbour = (by: 1 | -1) => (place < 0 ? items[0] : items[place + by]);
  const go = (by: 1 | -1) => {
    const next = neighbour(by);
    if (next !== undefined) onShow(next.id);
  };
  // After the last one, the first that was left.
  const later = neighbour(1) ?? items.find(({ id }) => id !== item.id);
  const { decide, decideNow, undo, undoLast } = useDecisions(() =>
    onShow(hasTwoPanes ? ((neighbour(1) ?? neighbour(-1))?.id ?? null) : null),
  );
  const isOpen = item.state === "open";
  useCaseKeys((key) => {
    if (key === "j") go(1);
    else if (key === "k") go(-1);
    else if (key === "u") return undoLast();
    else if (key === "o") document.querySelector<HTMLAnchorElement>("[data-case] a[data-look]")?.click();
    else if (!isOpen) return false;
    else if (key === "d") decideNow(item, { action: "dismiss", note, rule });
    else if (key === "r" && item.kind !== "user") decideNow(item, { action: "remove", note, rule });
    else if (key === "m") setChoosing(true);
    else if (key === "l" && later !== undefined) onShow(later.id);
    else return false;
    return true;
  });
  return (
    <>
      <CasePane item={item} rule={<BrokenRule {...{ item, rule }} onRule={setRule} />}>
        <DecisionForm
          item={item}
          note={note}
          onNote={setNote}
          onAct={(action) => decideNow(item, { action, note, rule })}
          onMore={() => setChoosing(true)}
          onLater={later === undefined ? null : () => onShow(later.id)}
          onUndo={() => void undo(item.id)}
        />
      </CasePane>
      {isChoosing && (
        <DecideSheet
          title={t("cases.decide")}
          acts={
            item.kind === "user"
              ? ["warn", "mute", "suspend", "ban", "dismiss"]
              : ["remove", "warn", "mute", "suspend", "ban", "dismiss"]
          }
          note={note}
          onDecide={(verdict) => decide(item, { ...verdict, rule })}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}
