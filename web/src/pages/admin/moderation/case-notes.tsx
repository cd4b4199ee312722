import { useInfiniteQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { formatAgo } from "#base/format/format.ts";
import { charactersIn } from "#base/text/characters.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { type CaseNote, caseNotesQuery } from "#parts/report/queries.ts";
import { nameOf } from "./case-text.ts";

const noteMax = 2_000;

/** Notes that moderators write to each other about a case. */
export function CaseNotes({ id }: { id: number }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(caseNotesQuery(id));
  const refresh = () => invalidate(caseNotesQuery(id).queryKey);
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-sm font-semibold">{t("cases.notes")}</h3>
      <NoteForm id={id} onAdded={refresh} />
      {query.data === undefined ? (
        query.isError && <LoadFailed query={query} />
      ) : (
        <>
          <ul className="flex flex-col gap-2 empty:hidden">
            {query.data.pages.flatMap(({ list }) =>
              list.map((note) => <Note key={note.id} note={note} onRemoved={refresh} />),
            )}
          </ul>
          <LoadMore query={query} />
        </>
      )}
    </section>
  );
}

function NoteForm({ id, onAdded }: { id: number; onAdded: () => Promise<void> }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const {
    run: add,
    isBusy,
    problem,
  } = useAction(async () => {
    await ask("moderation.addNote", { path: { id }, body: { text } });
    await onAdded();
    setText("");
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (text.trim() !== "") void add();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field label={t("cases.notes.add")} rows={2} value={text} onChange={setText} charactersMax={noteMax} />
      {problem !== null && <Problem>{problem}</Problem>}
      {text.trim() !== "" && (
        <Button type="submit" isBusy={isBusy} isDisabled={charactersIn(text) > noteMax} className="self-start">
          {t("cases.notes.save")}
        </Button>
      )}
    </form>
  );
}

function Note({ note, onRemoved }: { note: CaseNote; onRemoved: () => Promise<void> }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { run: remove, problem } = useAction(async () => {
    await ask("moderation.removeNote", { path: { id: note.id } });
    await onRemoved();
  });
  const isRemovable = me?.role === "admin" || me?.id === note.author_id;
  return (
    <li className="rounded-lg bg-raised px-3 py-2 text-sm">
      <p className="flex items-center gap-2">
        <bdi className="font-semibold">{nameOf(note.author) || t("audit.deleted")}</bdi>
        <span className="text-xs text-soft">{formatAgo(Date.parse(note.created_at), Date.now(), i18n.language)}</span>
        {isRemovable && (
          <IconButton
            label={t("cases.notes.remove")}
            onPress={() => void remove()}
            className="ms-auto -my-1 -me-2 text-soft hover:text-ink"
          >
            <Trash2 size={16} aria-hidden />
          </IconButton>
        )}
      </p>
      <p className="break-words whitespace-pre-line">{note.text}</p>
      {problem !== null && <Problem>{problem}</Problem>}
    </li>
  );
}
