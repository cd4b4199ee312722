import { useMutation, useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useRef, useState } from "react";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { type Filtered, filtersQuery, keepFilters, showAllAuthors } from "./hiding.ts";

const modes = ["scroll", "top", "bottom"] as const;
const wordMax = 50;
const wordsMax = 100;

/** True for the last change: the server's answer to an earlier one lacks the later ones. */
const isLastChange = () => queryClient.isMutating({ mutationKey: filtersQuery.queryKey }) === 1;

/** The viewer's danmaku filters, on every device they are signed in on. */
export function FilterSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const filters = useQuery(filtersQuery);
  return (
    <Sheet title={t("danmaku.filters")} isOpen onClose={onClose}>
      {filters.data !== undefined ? (
        <Filters filters={filters.data} />
      ) : filters.isError ? (
        <ErrorState error={filters.error} onRetry={() => void filters.refetch()} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </Sheet>
  );
}

function Filters({ filters }: { filters: Filtered }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [word, setWord] = useState("");
  const isFull = filters.words.length >= wordsMax;
  const save = useMutation({
    // One after the other: an earlier request that arrives later would undo this one.
    scope: { id: "danmaku-filters" },
    mutationKey: filtersQuery.queryKey,
    mutationFn: ({ words, user_ids, modes }: Filtered) =>
      ask("interaction.setDanmakuFilters", { body: { words, user_ids, modes } }),
    onMutate: (changed) => {
      queryClient.setQueryData(filtersQuery.queryKey, changed);
      return { before: filters };
    },
    onSuccess: (saved) => (isLastChange() ? keepFilters(saved) : undefined),
    onError: (thrown, _changed, context) => {
      if (isLastChange()) queryClient.setQueryData(filtersQuery.queryKey, context?.before);
      showToast(text(thrown));
    },
  });
  /** Shown immediately; flying danmaku are asked for anew. */
  const change = (part: Partial<Filtered>) => save.mutate({ ...filters, ...part });
  const add = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const added = word.trim();
    if (added === "" || isFull) return;
    if (!filters.words.includes(added)) change({ words: [...filters.words, added] });
    setWord("");
  };
  return (
    <div className="flex flex-col gap-4">
      <div>
        <form onSubmit={add} className="flex items-end gap-2 *:first:flex-1">
          <Field label={t("danmaku.filters.word")} value={word} onChange={setWord} charactersMax={wordMax} />
          <Button type="submit" isDisabled={word.trim() === "" || isFull}>
            {t("danmaku.filters.add")}
          </Button>
        </form>
        <p role="status" className="text-sm text-soft not-empty:mt-2">
          {isFull && t("danmaku.filters.full", { max: wordsMax })}
        </p>
      </div>
      {filters.words.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {filters.words.map((filteredWord) => (
            <li key={filteredWord}>
              <Button
                aria-label={t("danmaku.filters.remove", { word: filteredWord })}
                className="rounded-full!"
                onPress={() => change({ words: filters.words.filter((other) => other !== filteredWord) })}
              >
                <span className="max-w-48 truncate">{filteredWord}</span>
                <X size={14} aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div>
        {modes.map((mode) => (
          <Toggle
            key={mode}
            label={t(`danmaku.filters.${mode}`)}
            isOn={!filters.modes.includes(mode)}
            onChange={(isOn) =>
              change({ modes: isOn ? filters.modes.filter((filtered) => filtered !== mode) : [...filters.modes, mode] })
            }
          />
        ))}
      </div>
      <Hidden count={filters.hidden_count} />
    </div>
  );
}

/** How many authors are hidden by their danmaku: their names are not revealed, so they come back together. */
function Hidden({ count }: { count: number }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const status = useRef<HTMLParagraphElement>(null);
  const letBack = () => {
    // The button goes when nobody is hidden any more.
    status.current?.focus();
    showAllAuthors().catch((thrown: unknown) => showToast(text(thrown)));
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p ref={status} tabIndex={-1} role="status" className="min-w-40 flex-1 text-sm text-soft">
        {count === 0 ? t("danmaku.filters.nobody") : t("danmaku.filters.hidden", { count })}
      </p>
      {count > 0 && <Button onPress={letBack}>{t("danmaku.filters.letBack")}</Button>}
    </div>
  );
}
