import { queryOptions, useQuery } from "@tanstack/react-query";
import { FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import type { Operations } from "../api/types.ts";
import { queryClient } from "../api/queries.ts";
import { IconButton } from "../ui/button.tsx";
import { ChooseFile } from "../ui/choose-file.tsx";
import { Select } from "../ui/select.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { captionLanguages, decodeCaptions, languageIn } from "./caption-file.ts";

const captionsQuery = (mediaId: number) =>
  queryOptions({
    queryKey: ["captions", mediaId],
    queryFn: ({ signal }) => ask("media.captions", { path: { id: mediaId }, signal }),
  });

/** The captions of one's own video: lists them, adds a language from a file, removes one. Takes effect immediately. */
export function CaptionsEditor({ mediaId }: { mediaId: number }) {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const captions = useQuery(captionsQuery(mediaId));
  const [language, setLanguage] = useState(() => languageIn(i18n.language));
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const change = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      showToast(done);
    } catch (thrown) {
      setProblem(text(thrown));
    } finally {
      setBusy(false);
      void queryClient.invalidateQueries({ queryKey: captionsQuery(mediaId).queryKey });
    }
  };
  const add = async (file: File) => {
    const decoded = decodeCaptions(await file.arrayBuffer());
    const label = captionLanguages.find(({ code }) => code === language)?.name;
    return ask("media.addCaptions", {
      path: { id: mediaId },
      body: { language, text: decoded, ...(label && { label }) },
    });
  };
  return (
    <div role="group" aria-label={t("my.captions")} className="flex flex-col gap-1.5">
      <span className="text-sm font-medium" aria-hidden>
        {t("my.captions")}
      </span>
      <ul className="flex flex-col">
        {captions.data?.list.map((track) => (
          <CaptionsRow
            key={track.id}
            track={track}
            onRemove={() =>
              void change(
                () => ask("media.removeCaptions", { path: { id: mediaId, captions: track.id } }),
                t("my.captions.removed"),
              )
            }
          />
        ))}
      </ul>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-40 flex-1">
          <Select
            label={t("my.captions.language")}
            value={language}
            options={captionLanguages.map(({ code, name }) => ({ value: code, name }))}
            onChange={setLanguage}
          />
        </div>
        <ChooseFile
          text={t("my.captions.choose")}
          accept=".vtt,.srt,text/vtt,application/x-subrip"
          isDisabled={isBusy}
          onFile={(file) => void change(() => add(file), t("my.captions.added"))}
        />
      </div>
      <p className="text-xs text-soft">{t("my.captions.text")}</p>
      {problem !== null && <Problem>{problem}</Problem>}
      {captions.isError && <Problem>{text(captions.error)}</Problem>}
    </div>
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
