import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations } from "#base/api/types.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { charactersIn } from "#base/text/characters.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { Problem, State, useErrorText } from "#base/ui/states/states.tsx";
import { appealsQuery } from "#parts/report/queries.ts";
import { excerptText } from "#parts/report/server-words.ts";
import { Pages } from "../frame/pages.tsx";

type Appealed = Operations["moderation.appeals"]["answer"]["list"][number];

/** Appeals of users about decisions on them. */
export function Appeals() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(appealsQuery);
  return (
    <Pages
      query={query}
      none={
        <State drawing={<ShelfDrawing />} title={t("cases.none.title")} text={t("cases.none.text")}>
          {null}
        </State>
      }
    >
      {(item) => <AppealCard key={item.id} item={item} />}
    </Pages>
  );
}

const answerMax = 500;

function AppealCard({ item }: { item: Appealed }) {
  const { t, i18n } = useTranslation();
  const textOf = useErrorText();
  const [answer, setAnswer] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const isTooLong = charactersIn(answer) > answerMax;
  const say = async (accept: boolean) => {
    setProblem(null);
    try {
      await ask("moderation.answerAppeal", { path: { id: item.id }, body: { accept, answer } });
      await invalidate(keyOf("moderation"));
    } catch (thrown) {
      setProblem(textOf(thrown));
    }
  };
  return (
    <li className="flex flex-col gap-3 rounded-xl bg-surface p-4">
      <p className="font-medium">
        {t(`kind.${item.kind}`)} · {t(`outcome.${item.action ?? "dismiss"}`)}
        {item.note !== "" && ` · ${item.note}`}
      </p>
      {item.excerpt !== "" && (
        <p className="text-sm break-words text-soft">{excerptText(item, textsOf(i18n.language))}</p>
      )}
      <p className="text-base break-words">{t("cases.appeal.says", { text: item.appeal.text })}</p>
      <Field label={t("cases.appeal.answer")} value={answer} onChange={setAnswer} charactersMax={answerMax} />
      {problem !== null && <Problem>{problem}</Problem>}
      <div className="flex gap-2">
        <Button look="main" isDisabled={isTooLong} onPress={() => void say(true)}>
          {t("cases.appeal.accept")}
        </Button>
        <Button look="danger" isDisabled={isTooLong} onPress={() => void say(false)}>
          {t("cases.appeal.refuse")}
        </Button>
      </div>
    </li>
  );
}
