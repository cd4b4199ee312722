import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations, Playlist } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Choice } from "#base/ui/buttons/choice.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { VisibilityIcon } from "#base/ui/fields/visibility.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showPlaylist } from "./queries.ts";

interface PlaylistFormProps {
  /** The playlist to change; a new one is made when left out. */
  playlist?: Playlist;
  onDone: (playlist: Playlist) => void;
  onCancel: () => void;
}

const titleMax = 100;
const visibilities = ["public", "unlisted", "private"] as const;

/** Name, words and visibility of a playlist. */
export function PlaylistForm({ playlist, onDone, onCancel }: PlaylistFormProps) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(playlist?.title ?? "");
  const [description, setDescription] = useState(playlist?.description ?? "");
  const [visibility, setVisibility] = useState<Playlist["visibility"]>(playlist?.visibility ?? "public");
  const [isTitleMissing, setTitleMissing] = useState(false);
  const [attempt] = useState(() => new Attempt<Operations["video.createPlaylist"]["body"]>());
  const {
    run: save,
    isBusy,
    problem,
  } = useAction(async () => {
    const body = { title: title.trim(), description: description.trim(), visibility };
    const saved = await (playlist
      ? ask("video.updatePlaylist", { path: { id: playlist.id }, body })
      : ask(
          "video.createPlaylist",
          attempt.of(JSON.stringify(body), () => body),
        ));
    attempt.finish();
    showPlaylist(saved);
    onDone(saved);
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTitleMissing(title.trim() === "");
    if (title.trim() !== "") void save();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={t("playlist.name")}
        value={title}
        onChange={(typed) => {
          setTitleMissing(false);
          setTitle(typed);
        }}
        charactersMax={titleMax}
        isRequired
        autoFocus
        problem={isTitleMissing ? t("playlist.nameMissing") : null}
      />
      <Field
        label={t("upload.field.description")}
        value={description}
        onChange={setDescription}
        charactersMax={500}
        rows={3}
      />
      <Choice
        label={t("upload.field.visibility")}
        value={visibility}
        onChange={setVisibility}
        options={visibilities.map((value) => ({
          value,
          name: t(`visibility.${value}`),
          text: t(`playlist.${value}.text`),
          icon: <VisibilityIcon visibility={value} size={20} />,
        }))}
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <div className="flex gap-3">
        <Button onPress={onCancel} className="flex-1">
          {t("action.cancel")}
        </Button>
        <Button look="main" type="submit" isBusy={isBusy} className="flex-1">
          {playlist ? t("action.save") : t("playlist.make")}
        </Button>
      </div>
    </form>
  );
}
