import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { User } from "#base/api/types.ts";
import { formatDay } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { CheckRow } from "./check-row.tsx";
import { CopyButton } from "./copy-button.tsx";
import { nameMax } from "./rename-sheet.tsx";
import { isHeld, ownScopes, type Scope, scopeChoices } from "./token-scopes.ts";

const lifetimesDays = ["30", "90", "365"] as const;
type LifetimeDays = (typeof lifetimesDays)[number];
const dayMs = 24 * 3_600_000;

/** Makes an access token, and shows it the one time that the server does. */
export function NewTokenSheet({ role, onClose }: { role: User["role"]; onClose: () => void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState<string | null>(null);
  const title = t(token === null ? "security.token.title" : "security.token.made");
  // A press beside the sheet must not take the token away, which nobody can see again.
  return (
    <Sheet title={title} isOpen onClose={onClose} wide isDismissable={token === null}>
      {token === null ? <TokenForm role={role} onMade={setToken} /> : <MadeToken token={token} onDone={onClose} />}
    </Sheet>
  );
}

function TokenForm({ role, onMade }: { role: User["role"]; onMade: (token: string) => void }) {
  const { t, i18n } = useTranslation();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [days, setDays] = useState<LifetimeDays>("90");
  const { run, isBusy, problem, setProblem } = useAction(
    async () => {
      const body = { name: name.trim(), scopes: ownScopes(scopes), expires_in_days: Number(days) };
      onMade((await ask("auth.makeToken", { body })).token);
    },
    { changes: [keyOf("tokens"), keyOf("alerts")] },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() === "") setProblem(t("security.token.nameMissing"));
    else if (scopes.length === 0) setProblem(t("security.token.scopeMissing"));
    else void run();
  };
  const options = lifetimesDays.map((value) => ({ value, name: t("security.token.days", { count: Number(value) }) }));
  const endDay = formatDay(Date.now() + Number(days) * dayMs, i18n.language);
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={t("security.token.name")}
        hint={t("security.token.name.hint")}
        value={name}
        onChange={setName}
        charactersMax={nameMax}
        autoFocus
      />
      <ScopeFields role={role} scopes={scopes} onChange={setScopes} />
      <div className="flex flex-col gap-1.5">
        <Select label={t("security.token.end")} value={days} options={options} onChange={setDays} />
        <p className="text-xs text-soft">{t("security.token.end.hint", { day: endDay })}</p>
      </div>
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy} className="min-h-12 text-base">
        {t("security.token.create")}
      </Button>
    </form>
  );
}

interface ScopeFieldsProps {
  role: User["role"];
  scopes: readonly Scope[];
  onChange: (scopes: readonly Scope[]) => void;
}

function ScopeFields({ role, scopes, onChange }: ScopeFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-pretty text-soft">{t("security.token.scopes")}</p>
      {scopeChoices(role).map(({ group, scopes: offered }) => (
        <fieldset key={group} className="flex flex-col">
          <legend className="mb-1 text-sm font-semibold">{t(`security.scopes.${group}`)}</legend>
          <div className="grid gap-x-6 sm:grid-cols-2">
            {offered.map((scope) => (
              <CheckRow
                key={scope}
                label={t(`security.scope.${scope}`)}
                text={t(`security.scope.${scope}.text`)}
                isSelected={scopes.includes(scope) || isHeld(scope, scopes)}
                isDisabled={isHeld(scope, scopes)}
                onChange={(isSelected) =>
                  onChange(isSelected ? [...scopes, scope] : scopes.filter((other) => other !== scope))
                }
              />
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

function MadeToken({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <p className="text-base text-pretty text-soft">{t("security.token.made.text")}</p>
      <code dir="ltr" className="rounded-lg bg-raised px-3.5 py-3 text-sm break-all select-all">
        {token}
      </code>
      <div className="flex flex-wrap gap-3">
        <CopyButton
          look="main"
          secret={token}
          label={t("security.token.copy")}
          doneText={t("security.token.copied")}
          autoFocus
        />
        <Button className="flex-1" onPress={onDone}>
          {t("security.token.done")}
        </Button>
      </div>
    </div>
  );
}
