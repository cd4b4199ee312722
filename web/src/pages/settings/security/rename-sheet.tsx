import type { QueryKey } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";

/** The server's limit for the names of tokens and passkeys. */
export const nameMax = 60;

interface RenameSheetProps {
  title: string;
  /** The name until now. */
  name: string;
  rename: (name: string) => Promise<unknown>;
  changes: readonly QueryKey[];
  onClose: () => void;
}

/** Gives an access token or a passkey another name. */
export function RenameSheet({ title, name: currentName, rename, changes, onClose }: RenameSheetProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(currentName);
  const { run, isBusy, problem } = useAction(
    async () => {
      await rename(name.trim());
      onClose();
    },
    { changes },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  return (
    <Sheet title={title} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("security.token.name")} value={name} onChange={setName} charactersMax={nameMax} autoFocus />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button look="main" type="submit" isBusy={isBusy} isDisabled={name.trim() === ""}>
          {t("action.save")}
        </Button>
      </form>
    </Sheet>
  );
}
