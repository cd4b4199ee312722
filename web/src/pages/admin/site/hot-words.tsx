import { queryOptions, useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

const wordMax = 200;
const hiddenQuery = queryOptions({
  queryKey: keyOf("search", "hidden"),
  queryFn: ({ signal }) => ask("search.hiddenWords", { signal }),
});

/** Terms that moderators removed from popular searches: restores them, and removes more. */
export function HotWords() {
  const { t } = useTranslation();
  const text = useErrorText();
  const { data, error } = useQuery(hiddenQuery);
  const [word, setWord] = useState("");
  const { run: set, problem } = useAction(
    async (keyword: string, isHidden: boolean) => {
      if (keyword === "") return;
      await ask("search.setHidden", { body: { keyword, is_hidden: isHidden } });
      showToast(t(isHidden ? "search.hidden" : "admin.hotWords.back", { keyword }));
      if (isHidden) setWord("");
    },
    { changes: [keyOf("search")] },
  );
  return (
    <form
      className="flex flex-col gap-4 rounded-2xl bg-surface p-4 sm:p-6"
      onSubmit={(event) => {
        event.preventDefault();
        void set(word.trim(), true);
      }}
    >
      <div>
        <h2 className="text-base font-semibold">{t("search.hot")}</h2>
        <p className="text-sm text-soft">{t("admin.hotWords.text")}</p>
      </div>
      <Field label={t("admin.hotWords.word")} value={word} onChange={setWord} charactersMax={wordMax} />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button type="submit" className="sm:self-start" isDisabled={word.trim() === ""}>
        {t("admin.hotWords.hide")}
      </Button>
      {error !== null && <Problem>{text(error)}</Problem>}
      {data?.list.length === 0 && <p className="text-soft">{t("admin.hotWords.none")}</p>}
      {(data?.list.length ?? 0) > 0 && (
        <ul aria-label={t("admin.hotWords.hidden")} className="flex flex-col divide-y divide-line">
          {data?.list.map(({ keyword }) => (
            <li key={keyword} className="flex items-center gap-3">
              <span className="min-w-0 flex-1 break-words">{keyword}</span>
              <IconButton label={t("admin.hotWords.show", { keyword })} onPress={() => void set(keyword, false)}>
                <Eye size={18} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}
