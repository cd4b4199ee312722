import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EyeOff, History, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { suggestionsQuery, useMe } from "#base/api/queries.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { State, useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Suggestions } from "#parts/profile/suggestions.tsx";
import { historyQuery, hotWordsQuery, trendingTagsQuery } from "#parts/search/queries.ts";
import { CategoryList } from "./category-list.tsx";
import { DiscoverSkeleton, TrendingTags } from "./trending-tags.tsx";

/** Before anything was asked: recent searches, what others search for, what trends, and what there is. */
export function Discover() {
  const { t } = useTranslation();
  const me = useMe();
  const hot = useQuery(hotWordsQuery);
  const tags = useQuery(trendingTagsQuery);
  const past = useQuery({ ...historyQuery, enabled: me != null });
  // The content above it is loaded by then: nothing is pushed away under a finger.
  const isFirstSettled = !hot.isPending && !tags.isPending && me !== undefined && (me === null || !past.isPending);
  const suggested = useQuery({ ...suggestionsQuery, enabled: me != null });
  const isSettled = isFirstSettled && (me === null || !suggested.isPending);
  const isEmpty = hot.data?.list.length === 0 && tags.data?.list.length === 0;
  return (
    <div className="flex flex-col gap-6 sm:gap-8">
      {isFirstSettled ? (
        <>
          {me !== null && <Past />}
          <HotWords mayHide={me?.role === "moderator" || me?.role === "admin"} />
          <TrendingTags />
        </>
      ) : (
        <DiscoverSkeleton />
      )}
      {isSettled && me !== null && <Suggestions isWide />}
      {isSettled && <CategoryList title={t("search.categories")} />}
      {isEmpty && <State drawing={<ShelfDrawing />} title={t("search.start.title")} text={t("search.start.text")} />}
    </div>
  );
}

const hotId = "search-hot";

/** Trending searches, as words to try. */
function HotWords({ mayHide }: { mayHide: boolean }) {
  const { t } = useTranslation();
  const { data } = useQuery(hotWordsQuery);
  if (data === undefined || data.list.length === 0) return null;
  return (
    <section aria-labelledby={hotId}>
      <h2 id={hotId} tabIndex={-1} className="mb-2 text-base font-semibold">
        {t("search.hot")}
      </h2>
      <ol className="flex flex-wrap gap-2">
        {data.list.map(({ keyword }) => (
          <li key={keyword} className="flex max-w-full items-center rounded-full bg-raised hover:bg-strong">
            <Link
              to="/search"
              search={{ q: keyword }}
              className="flex min-h-11 min-w-0 items-center rounded-full px-4 font-medium pointer-fine:min-h-9"
            >
              <bdi className="truncate">{keyword}</bdi>
            </Link>
            {mayHide && <HideWord keyword={keyword} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** For moderators: takes a word off the list, with the way to let it back. */
function HideWord({ keyword }: { keyword: string }) {
  const { t } = useTranslation();
  const { run: set } = useAction(
    async (isHidden: boolean) => {
      await ask("search.setHidden", { body: { keyword, is_hidden: isHidden } });
      if (isHidden)
        showToast(t("search.hidden", { keyword }), { name: t("action.undo"), run: () => void set(false) }, undoMs, {
          focusAfter: () => document.getElementById(hotId),
        });
    },
    { failure: "toast", changes: [hotWordsQuery.queryKey] },
  );
  return (
    <IconButton label={t("search.hide", { keyword })} onPress={() => void set(true)}>
      <EyeOff size={18} aria-hidden />
    </IconButton>
  );
}

/** Recent searches of the viewer, each of which can be removed. */
function Past() {
  const { t } = useTranslation();
  const text = useErrorText();
  const { data } = useQuery(historyQuery);
  const forget = useMutation({
    mutationFn: (keyword: string | null) =>
      keyword === null ? ask("search.clearHistory", {}) : ask("search.forgetSearch", { path: { keyword } }),
    onMutate: (keyword) => {
      queryClient.setQueryData(
        historyQuery.queryKey,
        (data) =>
          data && { ...data, list: keyword === null ? [] : data.list.filter((entry) => entry.keyword !== keyword) },
      );
    },
    onError: (thrown) => showToast(text(thrown)),
    onSettled: () => invalidate(historyQuery.queryKey),
  });
  if (data === undefined || data.list.length === 0) return null;
  return (
    <section>
      <div className="mb-1 flex min-h-11 items-center justify-between">
        <h2 className="min-w-0 text-base font-semibold">{t("search.history")}</h2>
        <Button look="ghost" onPress={() => forget.mutate(null)} className="-me-3">
          {t("search.clearHistory")}
        </Button>
      </div>
      <ul className="grid gap-x-8 sm:grid-cols-2">
        {data.list.map(({ keyword }) => (
          <li key={keyword} className="flex items-center">
            <Link
              to="/search"
              search={{ q: keyword }}
              className="-ms-2 flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-lg px-2 text-base hover:bg-raised"
            >
              <History size={18} aria-hidden className="shrink-0 text-soft" />
              <bdi className="truncate">{keyword}</bdi>
            </Link>
            <IconButton label={t("search.forget", { keyword })} onPress={() => forget.mutate(keyword)}>
              <X size={18} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
