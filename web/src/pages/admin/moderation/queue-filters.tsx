import { useTranslation } from "react-i18next";
import { Select } from "#base/ui/fields/select.tsx";
import type { Kind } from "#parts/report/queries.ts";

const kinds = ["video", "comment", "danmaku", "user", "message", "playlist", "live"] as const satisfies readonly Kind[];
const sorts = ["oldest", "latest", "most"] as const;
export type CaseSort = (typeof sorts)[number];

interface QueueFiltersProps {
  kind: Kind | "all";
  setKind: (kind: Kind | "all") => void;
  sort: CaseSort;
  setSort: (sort: CaseSort) => void;
}

/** Filters and order of the listed cases. */
export function QueueFilters({ kind, setKind, sort, setSort }: QueueFiltersProps) {
  const { t } = useTranslation();
  return (
    <div className="grid max-w-md grid-cols-2 gap-2">
      <Select
        isCompact
        label={t("cases.kind")}
        value={kind}
        onChange={setKind}
        options={[
          { value: "all" as const, name: t("cases.kind.all") },
          ...kinds.map((value) => ({ value, name: t(`kind.${value}`) })),
        ]}
      />
      <Select
        isCompact
        label={t("cases.sort")}
        value={sort}
        onChange={setSort}
        options={sorts.map((value) => ({ value, name: t(`cases.sort.${value}`) }))}
      />
    </div>
  );
}
