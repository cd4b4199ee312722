import { ChevronDown, ListChecks } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { buttonClass } from "#base/ui/buttons/button.tsx";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { classNames } from "#base/ui/class-names.ts";
import { SearchBox } from "#base/ui/fields/search-box.tsx";
import { visibilities } from "#base/ui/fields/visibilities.ts";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { type ContentFilter, states } from "./content-filter.ts";

interface FilterLineProps {
  filter: ContentFilter;
  /** How many videos wait for their owner. */
  needingCount: number;
  onChange: (change: ContentFilter) => void;
  onSelect: () => void;
}

/** The search, the filters and the order of the list of one's own videos. */
export function FilterLine({ filter, needingCount, onChange, onSelect }: FilterLineProps) {
  const { t } = useTranslation();
  const { state, visibility, sort } = filter;
  const sorted = t(sort === undefined ? "studio.sort.latest" : "studio.sort.oldest");
  const withChoice = (name: string, chosen: string | undefined) => (chosen === undefined ? name : `${name}: ${chosen}`);
  const shown = visibility && t(`visibility.${visibility}`);
  const stated = state && t(`studio.state.${state}`);
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-2">
      <div className="flex w-full items-center gap-1 sm:w-auto">
        <StudioSearch label={t("studio.search")} value={filter.q ?? ""} onSearch={(q) => onChange({ q })} />
        <BareButton className={buttonClass("ghost", "lg:hidden")} onPress={onSelect}>
          <ListChecks size={18} aria-hidden />
          {t("studio.select")}
        </BareButton>
      </div>
      <div className="-mx-4 flex min-w-0 items-center gap-2 overflow-x-auto px-4 [scrollbar-width:none] sm:mx-0 sm:px-0">
        <NeedsAction isChosen={state === "needs_action"} count={needingCount} onChange={onChange} />
        <MoreMenu
          label={withChoice(t("my.visibility"), shown)}
          className={chipClass(visibility !== undefined)}
          actions={[
            { id: "all", text: t("studio.any"), run: () => onChange({ visibility: undefined }) },
            ...visibilities.map((option) => ({
              id: option,
              text: t(`visibility.${option}`),
              run: () => onChange({ visibility: option }),
            })),
          ]}
        >
          {shown ?? t("my.visibility")}
          <ChevronDown size={16} aria-hidden />
        </MoreMenu>
        <MoreMenu
          label={withChoice(t("studio.state"), stated)}
          className={chipClass(state !== undefined)}
          actions={[
            { id: "all", text: t("studio.any"), run: () => onChange({ state: undefined }) },
            ...states.map((option) => ({
              id: option,
              text: t(`studio.state.${option}`),
              run: () => onChange({ state: option }),
            })),
          ]}
        >
          {stated ?? t("studio.state")}
          <ChevronDown size={16} aria-hidden />
        </MoreMenu>
        <MoreMenu
          label={withChoice(t("studio.sort"), sorted)}
          className={chipClass(false)}
          actions={[
            { id: "latest", text: t("studio.sort.latest"), run: () => onChange({ sort: undefined }) },
            { id: "oldest", text: t("studio.sort.oldest"), run: () => onChange({ sort: "oldest" }) },
          ]}
        >
          {sorted}
          <ChevronDown size={16} aria-hidden />
        </MoreMenu>
      </div>
    </div>
  );
}

/** The videos that wait for their owner, where there are any. */
function NeedsAction({
  isChosen,
  count,
  onChange,
}: {
  isChosen: boolean;
  count: number;
  onChange: FilterLineProps["onChange"];
}) {
  const { t } = useTranslation();
  if (count === 0 && !isChosen) return null;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={() => onChange({ state: isChosen ? undefined : "needs_action" })}
      className={classNames(chipClass(isChosen), !isChosen && "text-bad")}
    >
      {t("studio.state.needs_action")} {count > 0 && <span className="tabular">{count}</span>}
    </button>
  );
}

/** A search that runs when it is sent, or emptied. */
export function StudioSearch({
  label,
  value,
  onSearch,
}: {
  label: string;
  value: string;
  onSearch: (q: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(value);
  const send = (q: string) => onSearch(q.trim() === "" ? undefined : q.trim().slice(0, 100));
  return (
    <SearchBox
      label={label}
      value={typed}
      charactersMax={100}
      onChange={(q) => {
        setTyped(q);
        if (q === "") send(q);
      }}
      onSubmit={send}
      className="min-w-0 flex-1 sm:w-64 sm:flex-none"
    />
  );
}
