import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { tokensQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { CheckRow } from "./check-row.tsx";

interface PasswordSheetProps {
  /** A log-in that its owner does not know was ended before. */
  isAfterStranger: boolean;
  onClose: () => void;
}

/** The form by which the viewer changes the password. Access tokens outlive it unless they are chosen to end. */
export function PasswordSheet({ isAfterStranger, onClose }: PasswordSheetProps) {
  const { t } = useTranslation();
  const [oldPassword, setOld] = useState("");
  const [password, setNew] = useState("");
  const [tokenIds, setTokenIds] = useState<readonly string[]>([]);

  const {
    run: change,
    isBusy,
    problem,
  } = useAction(
    async () => {
      await ask("auth.changePassword", { body: { old_password: oldPassword, password } });
      const ends = await Promise.allSettled(tokenIds.map((id) => ask("auth.endToken", { path: { id } })));
      const isComplete = ends.every(({ status }) => status === "fulfilled");
      showToast(t(isComplete ? "settings.password.changed" : "security.password.tokensLeft"));
      onClose();
    },
    { changes: [keyOf("sessions"), keyOf("tokens"), keyOf("alerts")] },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void change();
  };
  return (
    <Sheet title={t("settings.password.change")} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-sm text-pretty text-soft">
          {isAfterStranger && `${t("security.password.afterStranger")} `}
          {t("settings.password.text")}
        </p>
        <PasswordField
          label={t("settings.password.old")}
          name="old-password"
          value={oldPassword}
          onChange={setOld}
          autoFocus
        />
        <PasswordField
          label={t("settings.password.new")}
          name="new-password"
          value={password}
          onChange={setNew}
          isNew
        />
        <TokensToEnd ids={tokenIds} onChange={setTokenIds} />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button look="main" type="submit" isBusy={isBusy} isDisabled={oldPassword === "" || password === ""}>
          {t("settings.password.change")}
        </Button>
      </form>
    </Sheet>
  );
}

/** The access tokens, which go on working with another password, and the choice of those to end. */
function TokensToEnd({ ids, onChange }: { ids: readonly string[]; onChange: (ids: readonly string[]) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(tokensQuery);
  if (data === undefined || data.list.length === 0) return null;
  return (
    <fieldset className="flex flex-col">
      <legend className="mb-1 text-sm font-medium">{t("security.password.tokens")}</legend>
      <p className="text-xs text-pretty text-soft">{t("security.password.tokens.text")}</p>
      {data.list.map(({ id, name, prefix }) => (
        <CheckRow
          key={id}
          label={name}
          text={`${prefix}…`}
          isSelected={ids.includes(id)}
          onChange={(isSelected) => onChange(isSelected ? [...ids, id] : ids.filter((other) => other !== id))}
        />
      ))}
    </fieldset>
  );
}
