import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { addPasskey } from "#base/api/passkeys.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { deviceOf } from "#base/format/device.ts";
import { nameMax } from "./rename-sheet.tsx";

interface NewPasskeySheetProps {
  onClose: () => void;
  /** The recovery codes that came with it; none where there are codes already. */
  onDone: (codes: readonly string[]) => void;
}

/** Names a passkey, and has the browser make it. */
export function NewPasskeySheet({ onClose, onDone }: NewPasskeySheetProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(deviceOf(navigator.userAgent).name);
  const { run, isBusy, problem } = useAction(
    async () => {
      const { recovery_codes: codes = [] } = await addPasskey(name.trim());
      // The codes say it as well, and a toast would cover their buttons.
      if (codes.length === 0) showToast(t("security.passkeys.added"));
      onDone(codes);
    },
    { changes: [keyOf("factors"), keyOf("alerts")] },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  return (
    <Sheet title={t("security.passkey.title")} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-base text-pretty text-soft">{t("security.passkey.text")}</p>
        <Field
          label={t("security.token.name")}
          hint={t("security.passkey.name.hint")}
          value={name}
          onChange={setName}
          charactersMax={nameMax}
        />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button
          look="main"
          type="submit"
          isBusy={isBusy}
          isDisabled={name.trim() === ""}
          className="min-h-12 text-base"
        >
          {t("security.passkey.add")}
        </Button>
      </form>
    </Sheet>
  );
}
