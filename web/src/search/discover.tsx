import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EyeOff, History, Trash2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { queryClient, suggestionsQuery, useMe } from "../api/queries.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { undoMs } from "../ui/deleting.ts";
import { ShelfDrawing } from "../ui/illustrations.tsx";
import { Suggestions } from "../profile/suggestions.tsx";
import { State, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { CategoryList } from "./category-list.tsx";
import { historyQuery, hotTagsQuery, hotWordsQuery } from "./queries.ts";
import { TagList } from "./results.tsx";

/** Before anything was asked: what one looked for, what others look for, what is talked about, and what there is. */
export function Discover() {
  const { t } = useTranslation();
  const me = useMe();
  const hot = useQuery(hotWordsQuery);
  const tags = useQuery(hotTagsQuery);
  const past = useQuery({ ...historyQuery, enabled: me != null });
  // The content above it is loaded by then: nothing is pushed away under a finger.
  const isFirstSettled = !hot.isPending && !tags.isPending && me !== undefined && (me === null || !past.isPending);
  const suggested = useQuery({ ...suggestionsQuery, enabled: me != null });
  const isSettled = isFirstSettled && (me === null || !suggested.isPending);
  const mayHide = me?.role === "moderator" || me?.role === "admin";
  const isEmpty = hot.data?.list.length === 0 && tags.data?.list.length === 0;
  return (
    <div className="flex flex-col gap-8">
      {me != null && <Past />}
      {(hot.data?.list.length ?? 0) > 0 && (
        <section aria-labelledby={hotId}>
          <h2 id={hotId} tabIndex={-1} className="mb-2 text-base font-semibold">
            {t("search.hot")}
          </h2>
          <ol className="grid sm:grid-cols-2">
            {hot.data?.list.map(({ keyword, rank }) => (
              <li key={keyword} className="flex min-w-0 items-center">
                <Link
                  to="/search"
                  search={{ q: keyword }}
                  className="flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-lg px-2 hover:bg-raised"
                >
                  <span
                    className={`tabular w-6 text-end font-semibold ${rank <= 3 ? "text-accent-strong" : "text-soft"}`}
                  >
                    {rank}
                  </span>
                  <span className="truncate">{keyword}</span>
                </Link>
                {mayHide && <HideWord keyword={keyword} />}
              </li>
            ))}
          </ol>
        </section>
      )}
      {(tags.data?.list.length ?? 0) > 0 && (
        <section>
          <h2 className="mb-2 text-base font-semibold">{t("search.hotTags")}</h2>
          <TagList tags={tags.data?.list ?? []} />
        </section>
      )}
      {isSettled && me !== null && <Suggestions isWide />}
      {isSettled && <CategoryList title={t("search.categories")} />}
      {isEmpty && <State drawing={<ShelfDrawing />} title={t("search.start.title")} text={t("search.start.text")} />}
    </div>
  );
}

const hotId = "search-hot";

/** For moderators: takes a word off the list, with the way to let it back. */
function HideWord({ keyword }: { keyword: string }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const set = async (isHidden: boolean) => {
    try {
      await ask("search.setHidden", { body: { keyword, is_hidden: isHidden } });
      if (isHidden)
        showToast(t("search.hidden", { keyword }), { name: t("action.undo"), run: () => void set(false) }, undoMs, {
          focusAfter: () => document.getElementById(hotId),
        });
    } catch (thrown) {
      showToast(text(thrown));
    }
    await queryClient.invalidateQueries({ queryKey: hotWordsQuery.queryKey });
  };
  return (
    <IconButton label={t("search.hide", { keyword })} onPress={() => void set(true)}>
      <EyeOff size={18} aria-hidden />
    </IconButton>
  );
}

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
        (data) => data && { ...data, list: keyword === null ? [] : data.list.filter((one) => one.keyword !== keyword) },
      );
    },
    onError: (thrown) => showToast(text(thrown)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: historyQuery.queryKey }),
  });
  if (data === undefined || data.list.length === 0) return null;
  return (
    <section>
      <div className="mb-1 flex min-h-11 items-center justify-between">
        <h2 className="text-base font-semibold">{t("search.history")}</h2>
        <Button onPress={() => forget.mutate(null)}>
          <Trash2 size={16} aria-hidden />
          {t("search.clearHistory")}
        </Button>
      </div>
      <ul>
        {data.list.map(({ keyword }) => (
          <li key={keyword} className="flex items-center">
            <Link
              to="/search"
              search={{ q: keyword }}
              className="flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-lg px-2 hover:bg-raised"
            >
              <History size={18} aria-hidden className="shrink-0 text-soft" />
              <span className="truncate">{keyword}</span>
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
