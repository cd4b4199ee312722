import { queryOptions, useQuery } from "@tanstack/react-query";
import { FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { ChooseFile } from "#base/ui/fields/choose-file.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { captionLanguages, languageIn } from "./caption-file.ts";
import { type CaptionsDraft, CaptionsPreview, draftOf, isClear } from "./captions-preview.tsx";

const captionsQuery = (mediaId: number) =>
  queryOptions({
    queryKey: keyOf("captions", mediaId),
    queryFn: ({ signal }) => ask("media.captions", { path: { id: mediaId }, signal }),
  });

/** The captions of one's own video: lists them, adds a language from a file, removes one. Takes effect immediately. */
export function CaptionsEditor({ mediaId }: { mediaId: number }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const captions = useQuery(captionsQuery(mediaId));

  const {
    run: change,
    isBusy,
    problem,
    setProblem,
  } = useAction(
    async (work: () => Promise<unknown>, done: string) => {
      await work();
      showToast(done);
    },
    { changes: [captionsQuery(mediaId).queryKey] },
  );
  const remove = (id: number) =>
    change(() => ask("media.removeCaptions", { path: { id: mediaId, captions: id } }), t("my.captions.removed"));
  const add = (language: string, captionsText: string) => {
    const label = captionLanguages.find(({ code }) => code === language)?.name;
    const body = { language, text: captionsText, ...(label && { label }) };
    return change(() => ask("media.addCaptions", { path: { id: mediaId }, body }), t("my.captions.added"));
  };
  return (
    <div role="group" aria-label={t("my.captions")} className="flex flex-col gap-1.5">
      <span className="text-sm font-medium" aria-hidden>
        {t("my.captions")}
      </span>
      <ul className="flex flex-col">
        {captions.data?.list.map((track) => (
          <CaptionsRow key={track.id} track={track} onRemove={() => void remove(track.id)} />
        ))}
      </ul>
      <CaptionsChooser isBusy={isBusy} onChoose={() => setProblem(null)} onAdd={add} />
      <p className="text-xs text-soft">{t("my.captions.text")}</p>
      {problem !== null && <Problem>{problem}</Problem>}
      {captions.isError && <Problem>{text(captions.error)}</Problem>}
    </div>
  );
}

interface CaptionsChooserProps {
  isBusy: boolean;
  onChoose: () => void;
  /** True where they were added. */
  onAdd: (language: string, text: string) => Promise<boolean>;
}

/** Takes a file in a language; one that does not show what it is, or is not whole, is shown before it is added. */
function CaptionsChooser({ isBusy, onChoose, onAdd }: CaptionsChooserProps) {
  const { t, i18n } = useTranslation();
  const [language, setLanguage] = useState(() => languageIn(i18n.language));
  const [draft, setDraft] = useState<CaptionsDraft | null>(null);

  const choose = async (file: File) => {
    onChoose();
    const chosen = draftOf(file.name, new Uint8Array(await file.arrayBuffer()), language);
    if (isClear(chosen)) await onAdd(language, chosen.decoded?.text ?? "");
    else setDraft(chosen);
  };
  const chooseLanguage = (code: string) => {
    setLanguage(code);
    if (draft !== null) setDraft(draftOf(draft.name, draft.bytes, code));
  };
  const add = async (text: string) => {
    if (await onAdd(language, text)) setDraft(null);
  };
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-40 flex-1">
          <Select
            label={t("my.captions.language")}
            value={language}
            options={captionLanguages.map(({ code, name }) => ({ value: code, name }))}
            onChange={chooseLanguage}
          />
        </div>
        <ChooseFile
          text={t("my.captions.choose")}
          accept=".vtt,.srt,.ass,.ssa,text/vtt,application/x-subrip"
          isDisabled={isBusy}
          onFile={(file) => void choose(file)}
        />
      </div>
      {draft !== null && (
        <CaptionsPreview
          draft={draft}
          isBusy={isBusy}
          onEncoding={(encoding) => setDraft(draftOf(draft.name, draft.bytes, language, encoding))}
          onAdd={(text) => void add(text)}
          onCancel={() => setDraft(null)}
        />
      )}
    </>
  );
}

type Track = Operations["media.captions"]["answer"]["list"][number];

function CaptionsRow({ track, onRemove }: { track: Track; onRemove: () => void }) {
  const { t } = useTranslation();
  const { language: code, label, cues, source } = track;
  return (
    <li className="flex min-h-11 items-center gap-3 border-b border-line">
      <FileText size={18} aria-hidden className="shrink-0 text-soft" />
      <span className="min-w-0 flex-1 truncate">
        <span lang={code}>{label}</span>{" "}
        <span className="text-sm text-soft">
          {t("my.captions.cues", { count: cues })}
          {source === "file" && ` · ${t("my.captions.fromFile")}`}
        </span>
      </span>
      <IconButton label={t("my.captions.removeOf", { language: label })} onPress={onRemove}>
        <Trash2 size={18} aria-hidden />
      </IconButton>
    </li>
  );
}
