import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { formatNumber } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** Asks for earnings to be paid out: how many, then whether that is so. */
export function PayoutSheet({ earnings, onClose }: { earnings: number; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState(String(earnings));
  const [isSure, setSure] = useState(false);
  const [attempt] = useState(() => new Attempt<{ amount: number }>());
  const amount = /^\d{1,10}$/.test(typed.trim()) ? Number(typed) : 0;
  const isRight = amount >= 1 && amount <= earnings;
  const formatted = formatNumber(isRight ? amount : earnings, i18n.language);
  const {
    run: request,
    isBusy,
    problem,
    setProblem,
  } = useAction(
    async () => {
      await ask(
        "live.requestPayout",
        attempt.of(String(amount), () => ({ amount })),
      );
      showToast(t("wallet.payout.done"));
      onClose();
    },
    {
      onFailure: (thrown) => asFailure(thrown).status !== 0 && attempt.finish(),
      changes: [keyOf("wallet")],
    },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    if (!isRight) setProblem(t("wallet.payout.wrong", { formatted }));
    else if (isSure) void request();
    else {
      setProblem(null);
      setSure(true);
    }
  };
  return (
    <Sheet title={t("wallet.payout")} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {isSure ? (
          <p className="text-base font-semibold">{t("wallet.payout.ask", { formatted })}</p>
        ) : (
          <Field
            label={t("wallet.payout.amount")}
            value={typed}
            onChange={(next) => {
              setTyped(next);
              setProblem(null);
            }}
            inputMode="numeric"
            autoFocus
            end={
              <Button look="ghost" className="me-1" onPress={() => setTyped(String(earnings))}>
                {t("wallet.payout.all")}
              </Button>
            }
          />
        )}
        <p className="text-sm text-soft">{t("wallet.payout.text")}</p>
        {problem !== null && <Problem>{problem}</Problem>}
        <div className="flex gap-3">
          <Button className="flex-1" onPress={isSure ? () => setSure(false) : onClose}>
            {t("action.cancel")}
          </Button>
          <Button look="main" type="submit" className="flex-1" isBusy={isBusy}>
            {t("wallet.payout")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
