import { queryOptions, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations, WatchedWord } from "#base/api/types.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { HotWords } from "./hot-words.tsx";

const actions = ["hold", "refuse"] as const;
const wordsQuery = queryOptions({
  queryKey: keyOf("words"),
  queryFn: ({ signal }) => ask("moderation.words", { signal }),
});
const refresh = () => invalidate(wordsQuery.queryKey);

/** The blocklist, and the limits of new accounts. */
export function WordsPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.words")}>
      <Words />
    </AdminFrame>
  );
}

function Words() {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const { data, error, refetch } = useQuery(wordsQuery);
  const [pattern, setPattern] = useState("");
  const [action, setAction] = useState<WatchedWord["action"]>("hold");
  const [problem, setProblem] = useState<string | null>(null);
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="h-40 w-full rounded-xl" />;
  const add = async () => {
    setProblem(null);
    try {
      await ask("moderation.addWord", { body: { pattern, action } });
      setPattern("");
    } catch (thrown) {
      setProblem(textOf(thrown));
    }
    await refresh();
  };
  const remove = async (id: number) => {
    try {
      await ask("moderation.removeWord", { path: { id } });
    } catch (thrown) {
      showToast(textOf(thrown));
    }
    await refresh();
  };
  return (
    <>
      <form
        className="flex flex-col gap-4 rounded-2xl bg-surface p-4 sm:p-6"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div>
          <h2 className="text-base font-semibold">{t("admin.words.title")}</h2>
          <p className="text-sm text-soft">{t("admin.words.text")}</p>
        </div>
        <Field
          label={t("admin.words.new")}
          hint={t("admin.words.hint")}
          value={pattern}
          onChange={setPattern}
          charactersMax={60}
          problem={problem}
        />
        <Select
          label={t("admin.words.action")}
          value={action}
          onChange={setAction}
          options={actions.map((value) => ({ value, name: t(`admin.words.${value}`) }))}
        />
        <Button look="main" type="submit" className="sm:self-start" isDisabled={pattern.trim() === ""}>
          {t("admin.words.add")}
        </Button>
        {data.list.length === 0 ? (
          <p className="text-sm text-soft">{t("admin.words.none")}</p>
        ) : (
          <WordList words={data.list} onRemove={(id) => void remove(id)} />
        )}
      </form>
      {data.rules !== undefined && <Newcomers rules={data.rules} />}
      <HotWords />
    </>
  );
}

function WordList({ words, onRemove }: { words: readonly WatchedWord[]; onRemove: (id: number) => void }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col divide-y divide-line border-t border-line">
      {words.map((word) => (
        <li key={word.id} className="flex items-center gap-3 py-1">
          <span className="min-w-0 flex-1 font-medium break-words">{word.pattern}</span>
          <span className="text-sm text-soft">{t(`admin.words.${word.action}`)}</span>
          <IconButton label={t("admin.words.remove", { word: word.pattern })} onPress={() => onRemove(word.id)}>
            <X size={18} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

type Rules = Operations["moderation.setRules"]["body"];
/** The server's maxima. */
const rulesMax = { days: 365, comments: 1_000, per_minute: 1_000 } as const;
type Limited = keyof typeof rulesMax;
const isOver = (rules: Rules, name: Limited) => rules[name] > rulesMax[name];

function Newcomers({ rules }: { rules: Rules }) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const [given, setGiven] = useState(rules);
  const save = async () => {
    try {
      await ask("moderation.setRules", { body: given });
      showToast(t("admin.saved"));
    } catch (thrown) {
      showToast(textOf(thrown));
    }
    await refresh();
  };
  const number = (name: Limited, label: string) => (
    <Field
      label={label}
      hint={t("admin.newcomers.most", { max: rulesMax[name] })}
      problem={isOver(given, name) ? t("admin.newcomers.most", { max: rulesMax[name] }) : null}
      inputMode="numeric"
      value={String(given[name])}
      onChange={(text) => setGiven({ ...given, [name]: Number(text.replaceAll(/\D/g, "").slice(0, 4)) })}
    />
  );
  return (
    <section className="flex flex-col gap-4 rounded-2xl bg-surface p-4 sm:p-6">
      <div>
        <h2 className="text-base font-semibold">{t("admin.newcomers")}</h2>
        <p className="text-sm text-soft">{t("admin.newcomers.text")}</p>
      </div>
      <div className="grid grid-cols-2 gap-3">
        {number("days", t("admin.newcomers.days"))}
        {number("comments", t("admin.newcomers.comments"))}
      </div>
      {number("per_minute", t("admin.newcomers.perMinute"))}
      <Toggle
        label={t("admin.newcomers.links")}
        isOn={given.hold_links}
        onChange={(hold_links) => setGiven({ ...given, hold_links })}
      />
      <Button
        className="sm:self-start"
        isDisabled={isOver(given, "days") || isOver(given, "comments") || isOver(given, "per_minute")}
        onPress={() => void save()}
      >
        {t("admin.save")}
      </Button>
    </section>
  );
}
