import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { RunnerRegistration } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { CopyField } from "./copy-field.tsx";
import { runnerCommand } from "./runner-command.ts";
import { registrationsQuery } from "./runner-queries.ts";

const labelMax = 60;

/** The tokens by which runners register: new ones are shown once, with the command that uses them. */
export function Registrations({ nowMs }: { nowMs: number }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { data, error } = useQuery(registrationsQuery);
  const [label, setLabel] = useState("");
  const [token, setToken] = useState<string | null>(null);
  const { run, isBusy, problem } = useAction(
    async () => {
      const made = await ask("transcoder.addRunnerRegistration", { body: { label: label.trim() } });
      setToken(made.token);
      setLabel("");
    },
    { changes: [keyOf("runners", "registrations")] },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  const list = data?.list ?? [];
  return (
    <section className="flex max-w-4xl flex-col gap-4 rounded-2xl bg-surface p-4 sm:p-6">
      <div>
        <h2 className="text-base font-semibold">{t("runners.tokens")}</h2>
        <p className="text-sm text-soft">{t("runners.tokens.text")}</p>
      </div>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t("runners.label")} value={label} onChange={setLabel} charactersMax={labelMax} />
        <Button type="submit" look={token === null ? "main" : "plain"} isBusy={isBusy} className="sm:self-start">
          {t("runners.make")}
        </Button>
      </form>
      {problem !== null && <Problem>{problem}</Problem>}
      {token !== null && (
        <div role="status" className="flex flex-col gap-2">
          <p className="text-sm">{t("runners.made")}</p>
          <CopyField label={t("runners.command")} value={runnerCommand(location.origin, token)} />
        </div>
      )}
      {error !== null && <Problem>{text(error)}</Problem>}
      {list.length > 0 && (
        <ul aria-label={t("runners.tokens")} className="flex flex-col divide-y divide-line">
          {list.map((registration) => (
            <RegistrationRow key={registration.id} registration={registration} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface RegistrationRowProps {
  registration: RunnerRegistration;
  nowMs: number;
}

function RegistrationRow({ registration, nowMs }: RegistrationRowProps) {
  const { t, i18n } = useTranslation();
  const { id, runners, created_at: createdAt } = registration;
  const label = registration.label || t("runners.unnamed");
  const [isAsking, setAsking] = useState(false);
  const { run } = useAction(
    async () => {
      await ask("transcoder.revokeRunnerRegistration", { path: { id } });
      showToast(t("runners.revoked", { label }));
    },
    { failure: "toast", changes: [keyOf("runners", "registrations")] },
  );
  return (
    <li className="flex items-center gap-3 py-2">
      <p className="min-w-0 flex-1 text-sm break-words">
        {label}
        <span className="block text-xs text-soft">
          {t("runners.madeAgo", { time: formatAgo(Date.parse(createdAt), nowMs, i18n.language) })} ·{" "}
          {t("runners.used", { count: runners })}
        </span>
      </p>
      <Button look="danger" aria-label={t("runners.revoke.of", { label })} onPress={() => setAsking(true)}>
        {t("runners.revoke")}
      </Button>
      {isAsking && (
        <ConfirmSheet
          title={t("runners.revoke.ask")}
          text={t("runners.revoke.text")}
          action={t("runners.revoke")}
          onConfirm={() => void run()}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
