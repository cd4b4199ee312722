import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Muted } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import type { Paging } from "#base/ui/states/load-more.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Chip, crossAt } from "./chip.tsx";
import { mutedName, type MutedSubject, mutedSubject } from "./words.ts";
import { dropLists, mutesQuery } from "./your-feed-queries.ts";

const MuteSheet = lazySheet(() => import("./mute-sheet.tsx"), "MuteSheet");

interface MutesProps {
  rows: readonly Muted[];
  query: Paging;
  userId: number;
}

/** The tags and people that are left out, in one line. */
export function Mutes({ rows, query, userId }: MutesProps) {
  const { t } = useTranslation();
  const [isAdding, setAdding] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const unmute = useUnmute(list);
  const named = rows.flatMap((row) => {
    const [name, subject] = [mutedName(row), mutedSubject(row)];
    return name === null || subject === null ? [] : [{ row, name, subject }];
  });
  return (
    <section aria-labelledby="mutes-title">
      <div className="mb-2 flex min-h-8 items-center gap-3">
        <h2 id="mutes-title" className="min-w-0 flex-1 text-base font-semibold">
          {t("yourFeed.muted")}
        </h2>
        <Button look="ghost" className="-my-1.5 -me-3 px-3 text-soft!" onPress={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {t("yourFeed.add")}
        </Button>
      </div>
      {named.length === 0 ? (
        <p className="text-soft">{t("yourFeed.muted.none")}</p>
      ) : (
        <ul
          ref={list}
          aria-labelledby="mutes-title"
          className="-mx-4 -my-1 flex gap-2 overflow-x-auto px-4 py-1 [scrollbar-width:none] sm:mx-0 sm:flex-wrap sm:overflow-visible sm:px-0"
        >
          {named.map(({ row, name, subject }, place) => (
            <Chip
              key={`${subject.kind} ${subject.name}`}
              label={t("yourFeed.unmute", { name })}
              onRemove={() => void unmute(subject, name, place)}
            >
              {row.author !== null && <Avatar user={row.author} className="-ms-2" />}
              <bdi className="max-w-48 truncate font-medium">{name}</bdi>
            </Chip>
          ))}
          {query.hasNextPage && (
            <li className="shrink-0">
              <Button
                isBusy={query.isFetchingNextPage}
                className="min-h-11! rounded-full!"
                onPress={() => {
                  if (!query.isFetchingNextPage) void query.fetchNextPage();
                }}
              >
                {t("action.loadMore")}
              </Button>
            </li>
          )}
        </ul>
      )}
      {isAdding && <MuteSheet userId={userId} onClose={() => setAdding(false)} />}
    </section>
  );
}

/** Has a tag or a person in the feeds again, here immediately; it can be undone. */
function useUnmute(list: { readonly current: HTMLElement | null }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { queryKey } = mutesQuery;
  return async (subject: MutedSubject, name: string, place: number) => {
    // An answer that is under way still has it.
    await queryClient.cancelQueries({ queryKey });
    const isSame = (row: Muted) => {
      const rowSubject = mutedSubject(row);
      return rowSubject?.kind === subject.kind && rowSubject.name === subject.name;
    };
    const before = queryClient.getQueryData(queryKey);
    queryClient.setQueryData(
      queryKey,
      (now) =>
        now && {
          ...now,
          pages: now.pages.map((page) => ({ ...page, list: page.list.filter((row) => !isSame(row)) })),
        },
    );
    const onFailure = (thrown: unknown) => {
      void invalidate(queryKey);
      showToast(text(thrown));
    };
    const unmuting = ask("recommend.unmute", { query: subject });
    const undo = () => {
      queryClient.setQueryData(queryKey, before);
      unmuting
        .then(() => ask("recommend.mute", { body: subject }))
        .then(() => invalidate(queryKey))
        .then(dropLists, onFailure);
    };
    showToast(t("yourFeed.unmuted", { name }), { name: t("action.undo"), run: undo }, undefined, {
      focusAfter: () => crossAt(list.current, place),
    });
    unmuting.then(dropLists, onFailure);
  };
}
