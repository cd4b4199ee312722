import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { type Entry, refreshLists } from "../entries/entries.ts";

interface NewFolderSheetProps {
  folderId: number | null;
  onMade: (folder: Entry) => void;
  onClose: () => void;
}

/** Asks for the name of a new folder. */
export function NewFolderSheet({ folderId, onMade, onClose }: NewFolderSheetProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");

  const {
    run: make,
    isBusy,
    problem,
    setProblem,
  } = useAction(async () => {
    const body = { name: name.trim(), ...(folderId !== null && { folder_id: folderId }) };
    const folder = await ask("drive.createFolder", { body });
    refreshLists();
    onClose();
    onMade(folder);
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() === "") setProblem(t("drive.nameMissing"));
    else void make();
  };
  return (
    <Sheet title={t("drive.newFolder")} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <Field
          label={t("drive.name")}
          value={name}
          onChange={(value) => {
            setName(value);
            setProblem(null);
          }}
          maxLength={255}
          problem={problem}
          autoFocus
        />
        <div className="flex flex-wrap gap-3">
          <Button className="flex-1" onPress={onClose}>
            {t("action.cancel")}
          </Button>
          <Button look="main" type="submit" isBusy={isBusy} className="flex-1">
            {t("drive.make")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
