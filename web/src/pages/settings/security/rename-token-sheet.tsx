import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { PersonalToken } from "#base/api/types.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { nameMax } from "./new-token-sheet.tsx";

/** Gives an access token another name. */
export function RenameTokenSheet({ token, onClose }: { token: PersonalToken; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(token.name);
  const { run, isBusy, problem } = useAction(
    async () => {
      await ask("auth.renameToken", { path: { id: token.id }, body: { name: name.trim() } });
      onClose();
    },
    { changes: [keyOf("tokens")] },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  return (
    <Sheet title={t("security.tokens.rename")} isOpen onClose={onClose}>
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
