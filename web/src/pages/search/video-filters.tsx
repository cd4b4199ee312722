import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, X } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { lengths, orders, periods, shapes, type VideoFilter } from "#parts/search/video-filter.ts";

/** One line: chips that open the choices of a filter, and at its end the order. It scrolls on a phone. */
export function VideoFilters({ filter }: { filter: VideoFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/search" });
  const change = (part: VideoFilter) =>
    void navigate({ to: "/search", search: (current) => ({ ...current, ...part }), replace: true, resetScroll: false });
  const { period, length, shape, captions, sort } = filter;
  const languages = useCaptionLanguages(captions);
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="group"
      aria-label={t("search.filters")}
      className="-mx-4 mb-3 flex items-center gap-2 overflow-x-auto px-4 py-1 [scrollbar-width:none] sm:-mx-1 sm:px-1"
    >
      <FilterChip
        label={t("search.period")}
        any={t("search.period.any")}
        options={periods.map((value) => ({ value, name: t(`search.period.${value}`) }))}
        value={period}
        onChange={(chosen) => change({ period: chosen })}
      />
      <FilterChip
        label={t("search.length")}
        any={t("search.length.any")}
        options={lengths.map((value) => ({ value, name: t(`search.length.${value}`) }))}
        value={length}
        onChange={(chosen) => change({ length: chosen })}
      />
      <FilterChip
        label={t("search.shape")}
        any={t("search.shape.any")}
        options={shapes.map((value) => ({ value, name: t(`search.shape.${value}`) }))}
        value={shape}
        onChange={(chosen) => change({ shape: chosen })}
      />
      <FilterChip
        label={t("search.captions")}
        any={t("search.captions.any")}
        options={[{ value: "any", name: t("search.captions.some") }, ...languages]}
        value={captions}
        onChange={(chosen) => change({ captions: chosen })}
      />
      <MoreMenu
        label={t("search.filter", { label: t("search.order"), name: t(`search.sort.${sort ?? "relevance"}`) })}
        className={classNames(menuClass, "ms-auto pointer-fine:pe-1! text-soft hover:text-ink")}
        actions={([undefined, ...orders] as const).map((order) => ({
          id: order ?? "relevance",
          text: t(`search.sort.${order ?? "relevance"}`),
          isChosen: order === sort,
          run: () => change({ sort: order }),
        }))}
      >
        {t(`search.sort.${sort ?? "relevance"}`)}
        <ChevronDown size={16} aria-hidden />
      </MoreMenu>
    </div>
  );
}

/** The languages of the interface and of the browser, and the one that is chosen. */
function useCaptionLanguages(chosen: string | undefined) {
  const { t, i18n } = useTranslation();
  const codes = [i18n.language, ...navigator.languages, "en", "zh"].map((tag) => tag.toLowerCase().replace(/-.*/, ""));
  const all = [...new Set(codes)].slice(0, languagesMax);
  if (chosen !== undefined && chosen !== "any" && !all.includes(chosen)) all.push(chosen);
  const names = new Intl.DisplayNames(i18n.language, { type: "language" });
  return all.map((value) => ({ value, name: t("search.captions.in", { language: names.of(value) ?? value }) }));
}
const languagesMax = 6;

const menuClass =
  "inline-flex min-h-11 shrink-0 items-center gap-1.5 rounded-full px-3.5 text-sm font-medium whitespace-nowrap pointer-fine:min-h-8 pointer-fine:px-3";

interface FilterChipProps<Value extends string> {
  label: string;
  /** The label while nothing is left out. */
  any: string;
  options: readonly { readonly value: Value; readonly name: string }[];
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
}

/** A filter: opens its choices; a chosen one is inverse, with a cross that clears it. */
function FilterChip<Value extends string>({ label, any, options, value, onChange }: FilterChipProps<Value>) {
  const { t } = useTranslation();
  const chip = useRef<HTMLSpanElement>(null);
  const isChosen = value !== undefined;
  const name = options.find((option) => option.value === value)?.name ?? any;
  const clear = () => {
    onChange(undefined);
    // The cross is about to go; the keyboard stays at the filter.
    chip.current?.querySelector("button")?.focus();
  };
  return (
    <span
      ref={chip}
      className={classNames(
        "inline-flex shrink-0 items-center rounded-full",
        isChosen ? "bg-ink text-page" : "bg-raised hover:bg-strong",
      )}
    >
      <MoreMenu
        side="start"
        label={t("search.filter", { label, name })}
        className={classNames(menuClass, isChosen && "pe-1! pointer-fine:pe-0.5!")}
        actions={[
          { id: "any", text: any, isChosen: !isChosen, run: () => onChange(undefined) },
          ...options.map((option) => ({
            id: option.value,
            text: option.name,
            isChosen: option.value === value,
            run: () => onChange(option.value),
          })),
        ]}
      >
        {name}
        {!isChosen && <ChevronDown size={16} aria-hidden />}
      </MoreMenu>
      {isChosen && (
        <BareButton
          aria-label={t("search.filter.clear", { name })}
          onPress={clear}
          className="inline-grid h-11 w-11 shrink-0 place-items-center rounded-full pointer-fine:h-8 pointer-fine:w-8"
        >
          <X size={16} aria-hidden />
        </BareButton>
      )}
    </span>
  );
}
