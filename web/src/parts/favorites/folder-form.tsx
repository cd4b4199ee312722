import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { foldersChanged } from "#base/api/folder-queries.ts";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { FavoriteFolder } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";

interface FolderFormProps {
  /** The folder to change; a new one is made when left out. */
  folder?: FavoriteFolder;
  onDone: (folder: { id: number; name: string }) => void;
  onCancel: () => void;
}

const nameMax = 50;

/** The name of a folder of saved videos, and whether others see it. */
export function FolderForm({ folder, onDone, onCancel }: FolderFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(folder?.name ?? "");
  const [isPublic, setPublic] = useState(folder?.is_public ?? true);
  const [isNameMissing, setNameMissing] = useState(false);
  const [attempt] = useState(() => new Attempt<{ name: string; is_public: boolean }>());
  const {
    run: save,
    isBusy,
    problem,
  } = useAction(async () => {
    const body = { name: name.trim(), is_public: isPublic };
    let id = folder?.id;
    if (id === undefined)
      ({ id } = await ask(
        "interaction.makeFolder",
        attempt.of(JSON.stringify(body), () => body),
      ));
    else await ask("interaction.changeFolder", { path: { id }, body });
    await foldersChanged();
    onDone({ id, name: body.name });
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setNameMissing(name.trim() === "");
    if (name.trim() !== "") void save();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={t("playlist.name")}
        value={name}
        onChange={(typed) => {
          setNameMissing(false);
          setName(typed);
        }}
        charactersMax={nameMax}
        isRequired
        autoFocus
        problem={isNameMissing ? t("playlist.nameMissing") : null}
      />
      <Toggle label={t("folder.public")} text={t("folder.public.text")} isOn={isPublic} onChange={setPublic} />
      {problem !== null && <Problem>{problem}</Problem>}
      <div className="flex gap-3">
        <Button onPress={onCancel} className="flex-1">
          {t("action.cancel")}
        </Button>
        <Button look="main" type="submit" isBusy={isBusy} className="flex-1">
          {folder ? t("action.save") : t("folder.make")}
        </Button>
      </div>
    </form>
  );
}
