import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations, Playlist } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Choice } from "#base/ui/buttons/choice.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { VisibilityIcon } from "#base/ui/fields/visibility.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { draftOf, emptyGate, gateChange, hasTerm, isGateWhole } from "#parts/gates/gate-draft.ts";
import { showPlaylist } from "./queries.ts";

interface PlaylistFormProps {
  /** The playlist to change; a new one is made when left out. */
  playlist?: Playlist;
  onDone: (playlist: Playlist) => void;
  onCancel: () => void;
}

const titleMax = 100;
const visibilities = ["public", "unlisted", "gated", "private"] as const;
const GateEditor = lazyPart(() => import("#parts/gates/gate-editor.tsx"), "GateEditor", { texts: ["gates"] });
const InvitedPeople = lazyPart(() => import("#parts/gates/invited-people.tsx"), "InvitedPeople", { texts: ["gates"] });

interface VisibilityChoiceProps {
  value: Playlist["visibility"];
  onChange: (visibility: Playlist["visibility"]) => void;
}

function VisibilityChoice({ value, onChange }: VisibilityChoiceProps) {
  const { t } = useTranslation();
  return (
    <Choice
      label={t("upload.field.visibility")}
      value={value}
      onChange={onChange}
      options={visibilities.map((visibility) => ({
        value: visibility,
        name: t(`visibility.${visibility}`),
        text: t(`playlist.${visibility}.text`),
        icon: <VisibilityIcon visibility={visibility} size={20} />,
      }))}
    />
  );
}

interface FormButtonsProps {
  label: string;
  isBusy: boolean;
  onCancel: () => void;
}

function FormButtons({ label, isBusy, onCancel }: FormButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex gap-3">
      <Button onPress={onCancel} className="flex-1">
        {t("action.cancel")}
      </Button>
      <Button look="main" type="submit" isBusy={isBusy} className="flex-1">
        {label}
      </Button>
    </div>
  );
}

/** Name, words and visibility of a playlist. */
export function PlaylistForm({ playlist, onDone, onCancel }: PlaylistFormProps) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(playlist?.title ?? "");
  const [description, setDescription] = useState(playlist?.description ?? "");
  const [visibility, setVisibility] = useState<Playlist["visibility"]>(playlist?.visibility ?? "public");
  const [gate, setGate] = useState(() =>
    playlist?.gate ? draftOf(playlist.gate, playlist.teaser ?? "none") : emptyGate,
  );
  const [password, setPassword] = useState("");
  const [isTitleMissing, setTitleMissing] = useState(false);
  const [isGateMissing, setGateMissing] = useState(false);
  const hasStored = (kind: Parameters<typeof hasTerm>[1]) =>
    playlist?.gate !== undefined && hasTerm(playlist.gate, kind);
  const isPasswordKept = hasStored("password");
  const [attempt] = useState(() => new Attempt<Operations["video.createPlaylist"]["body"]>());
  const {
    run: save,
    isBusy,
    problem,
  } = useAction(async () => {
    const words = { title: title.trim(), description: description.trim() };
    const body = { ...words, visibility, ...(visibility === "gated" && gateChange(gate, password)) };
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
    const isOpen = visibility === "gated" && !isGateWhole(gate, password, isPasswordKept);
    setTitleMissing(title.trim() === "");
    setGateMissing(isOpen);
    if (title.trim() !== "" && !isOpen) void save();
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
      <VisibilityChoice value={visibility} onChange={setVisibility} />
      {visibility === "gated" && (
        <GateEditor
          draft={gate}
          onChange={setGate}
          password={password}
          onPassword={setPassword}
          isPasswordKept={isPasswordKept}
          isIncomplete={isGateMissing}
        />
      )}
      {playlist && hasStored("invited") && <InvitedPeople thing={{ kind: "playlist", id: playlist.id }} />}
      {problem !== null && <Problem>{problem}</Problem>}
      <FormButtons label={playlist ? t("action.save") : t("playlist.make")} isBusy={isBusy} onCancel={onCancel} />
    </form>
  );
}
