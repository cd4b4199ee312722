import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Interest } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Chip, crossAt } from "./chip.tsx";
import { interestName } from "./words.ts";
import { dropFeeds, interestsQuery } from "./your-feed-queries.ts";

/** As many are enough to know oneself by. */
const firstCount = 6;

/** Assumed interests of the viewer, the strongest first. */
export function Interests({ interests }: { interests: readonly Interest[] }) {
  const { t, i18n } = useTranslation();
  const [hasAll, setAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const remove = useRemoveInterest(list);
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  const named = interests.flatMap((interest) => {
    const name = interestName(interest, t);
    return name === null ? [] : [{ interest, name }];
  });
  const moreCount = named.length - firstCount;
  return (
    <section aria-labelledby="interests-title">
      <div className="mb-2 flex min-h-8 items-center gap-3">
        <h2 id="interests-title" className="min-w-0 flex-1 text-base font-semibold">
          {t("yourFeed.interests")}
        </h2>
        {moreCount > 0 && (
          <Button
            look="ghost"
            aria-expanded={hasAll}
            className="-my-1.5 -me-3 px-3 text-soft!"
            onPress={() => setAll(!hasAll)}
          >
            {hasAll ? t("yourFeed.interests.fewer") : t("yourFeed.interests.more", { count: moreCount })}
          </Button>
        )}
      </div>
      {named.length === 0 ? (
        <p className="text-soft">{t("yourFeed.interests.none")}</p>
      ) : (
        <ul ref={list} aria-labelledby="interests-title" className="flex flex-wrap gap-2">
          {(hasAll ? named : named.slice(0, firstCount)).map(({ interest, name }, place) => (
            <Chip
              key={`${interest.kind} ${interest.name}`}
              label={t("yourFeed.remove", { name })}
              part={interest.strength}
              onRemove={() => void remove(interest, name, place)}
            >
              <bdi className="relative truncate font-medium">{name}</bdi>
              <span className="tabular relative text-xs text-soft">{percent.format(interest.strength)}</span>
            </Chip>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Takes an interest away, here immediately; it can be undone. */
function useRemoveInterest(list: { readonly current: HTMLElement | null }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { queryKey } = interestsQuery;
  return async (interest: Interest, name: string, place: number) => {
    // An answer that is under way still has it.
    await queryClient.cancelQueries({ queryKey });
    const isSame = (candidate: Interest) => candidate.kind === interest.kind && candidate.name === interest.name;
    const back = () =>
      queryClient.setQueryData(queryKey, (now) =>
        now === undefined || now.some(isSame)
          ? now
          : [...now, interest].toSorted((first, other) => other.strength - first.strength),
      );
    const save = (is_removed: boolean) =>
      ask("recommend.setInterest", { body: { kind: interest.kind, name: interest.name, is_removed } }).then(() =>
        dropFeeds("for-you"),
      );
    queryClient.setQueryData(queryKey, (now) => now?.filter((candidate) => !isSame(candidate)));
    const removal = save(true);
    const undo = () => {
      back();
      // One after the other: the answers of the server follow the order of its questions.
      removal.then(() => save(false)).catch((thrown: unknown) => showToast(text(thrown)));
    };
    showToast(t("yourFeed.removed", { name }), { name: t("action.undo"), run: undo }, undefined, {
      focusAfter: () => crossAt(list.current, place),
    });
    removal.catch((thrown: unknown) => {
      back();
      showToast(text(thrown));
    });
  };
}
