import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Account } from "#base/api/types.ts";
import { formatNumber } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

const sources = ["granted", "bought", "bonus"] as const;

interface GrantCoinsProps {
  account: Account;
  onCancel: () => void;
  onClose: () => void;
}

/** Gives an account coins, or takes some back. */
export function GrantCoins({ account, onCancel, onClose }: GrantCoinsProps) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [wasAsked, setAsked] = useState(false);
  const [source, setSource] = useState<(typeof sources)[number]>("granted");
  const [attempt] = useState(() => new Attempt<{ amount: number; source: typeof source; reason: string }>());
  const amount = /^[-−+]?\d{1,7}$/.test(typed.trim()) ? Number(typed.trim().replace("−", "-")) : 0;
  const isReasonMissing = reason.trim() === "";
  const {
    run: send,
    isBusy,
    problem,
  } = useAction(
    async () => {
      const body = { amount, source, reason: reason.trim() };
      const sent = attempt.of(JSON.stringify(body), () => body);
      const { balance } = await ask("live.grantCoins", { path: { id: account.id }, ...sent });
      showToast(t("coins.grant.done", { name: account.username, formatted: formatNumber(balance, i18n.language) }));
      onClose();
    },
    { onFailure: (thrown) => asFailure(thrown).status !== 0 && attempt.finish() },
  );
  const grant = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setAsked(true);
    if (amount !== 0 && !isReasonMissing) void send();
  };
  return (
    <Sheet title={`${t("coins.grant")}: ${account.username}`} isOpen onClose={onClose}>
      <form onSubmit={grant} className="flex flex-col gap-4">
        <Field
          label={t("coins.grant.amount")}
          hint={t("coins.grant.text")}
          value={typed}
          onChange={setTyped}
          problem={wasAsked && amount === 0 ? t("coins.grant.amount.wrong") : null}
          autoFocus
        />
        <Select
          label={t("coins.grant.source")}
          value={source}
          onChange={setSource}
          options={sources.map((value) => ({ value, name: t(`coins.grant.source.${value}`) }))}
        />
        <Field
          label={t("coins.grant.reason")}
          value={reason}
          onChange={setReason}
          charactersMax={200}
          problem={wasAsked && isReasonMissing ? t("coins.grant.reason.missing") : null}
        />
        {problem !== null && <Problem>{problem}</Problem>}
        <div className="flex gap-3">
          <Button className="flex-1" onPress={onCancel}>
            {t("action.cancel")}
          </Button>
          <Button look="main" type="submit" className="flex-1" isBusy={isBusy}>
            {t("coins.grant")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
