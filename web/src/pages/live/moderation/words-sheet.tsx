import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { LiveChatSettings } from "#base/api/types.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { chatSettingsQuery } from "./queries.ts";

type Keyword = LiveChatSettings["keywords"][number];
const charactersMax = 50;

/** The words of a room that wait for a moderator, or are refused. */
export function WordsSheet({ liveId, onClose }: { liveId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useQuery(chatSettingsQuery(liveId));
  const [typed, setTyped] = useState("");
  const [action, setAction] = useState<Keyword["action"]>("hold");
  const [problem, setProblem] = useState<string | null>(null);
  const words = query.data?.keywords;
  const save = async (keywords: Keyword[]) => {
    setProblem(null);
    try {
      const settings = await ask("live.setChat", { path: { id: liveId }, body: { keywords } });
      queryClient.setQueryData(chatSettingsQuery(liveId).queryKey, settings);
      return true;
    } catch (thrown) {
      setProblem(text(thrown));
      return false;
    }
  };
  const add = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const pattern = typed.trim();
    if (pattern === "" || words === undefined) return;
    const otherWords = words.filter((word) => word.pattern !== pattern);
    if (await save([{ pattern, action }, ...otherWords])) setTyped("");
  };
  return (
    <Sheet title={t("mod.words.title")} isOpen onClose={onClose}>
      <form onSubmit={(event) => void add(event)} className="flex flex-col gap-3">
        <Field label={t("mod.words.add")} value={typed} onChange={setTyped} charactersMax={charactersMax} autoFocus />
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Select
              label={t("mod.words.action")}
              value={action}
              onChange={setAction}
              options={(["hold", "refuse"] as const).map((value) => ({ value, name: t(`mod.words.${value}`) }))}
            />
          </div>
          <Button look="inverse" type="submit">
            {t("mod.add")}
          </Button>
        </div>
      </form>
      {problem !== null && <Problem>{problem}</Problem>}
      {query.isError && <LoadFailed query={query} />}
      {words?.length === 0 && <p className="py-8 text-center text-soft">{t("mod.words.none")}</p>}
      <ul className="mt-4 flex flex-col">
        {words?.map((word) => (
          <li key={word.pattern} className="flex min-h-11 items-center gap-3">
            <bdi className="min-w-0 flex-1 truncate font-medium">{word.pattern}</bdi>
            <span className="text-xs text-soft">{t(`mod.words.${word.action}`)}</span>
            <IconButton
              label={`${t("action.remove")}: ${word.pattern}`}
              onPress={() => void save(words.filter((other) => other !== word))}
            >
              <X size={18} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
