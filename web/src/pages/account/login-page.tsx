import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { logIn, logInWithCode, logInWithPasskey, logInWithSecondPasskey } from "#base/api/account.ts";
import { canUsePasskeys } from "#base/api/passkeys.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { AccountCard } from "./account-card.tsx";
import { Credentials } from "./credentials.tsx";
import { Or, PasskeyButton } from "./proofs/passkey-button.tsx";
import { SecondStep, secondStepTitle } from "./proofs/second-step.tsx";
import { useEntry } from "./use-entry.ts";
import { WalletEntry } from "./wallet-entry.tsx";

export function LoginPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/login" });
  useTitle(t("nav.login"));
  const entry = useEntry((username, password) => logIn({ username, password }), next, {
    second: { byCode: logInWithCode, byPasskey: logInWithSecondPasskey },
  });
  if (entry.secondStep !== null)
    return (
      <AccountCard title={t(secondStepTitle(entry.secondStep))}>
        <SecondStep {...entry.secondStep} isBusy={entry.isBusy} failure={entry.failure} />
      </AccountCard>
    );
  return (
    <AccountCard
      title={t("account.login.title")}
      {...(canUsePasskeys && { text: t("login.passkey.text") })}
      foot={
        <>
          {t("account.toSignup")}
          <Link
            to="/signup"
            search={{ next }}
            className="inline-flex min-h-11 items-center font-semibold text-link hover:underline"
          >
            {t("nav.signup")}
          </Link>
        </>
      }
    >
      {canUsePasskeys && (
        <>
          <PasskeyButton look="main" isBusy={entry.isBusy} onPress={() => entry.enterBy(logInWithPasskey)} />
          <Or />
        </>
      )}
      <form onSubmit={entry.onSubmit} className="flex flex-col gap-5">
        <Credentials {...entry.fields} isNew={false} />
        <Link
          to="/forgot"
          className="-my-3 inline-flex min-h-11 items-center self-start font-medium text-link hover:underline"
        >
          {t("account.forgot")}
        </Link>
        {entry.problemText !== null && <Problem>{entry.problemText}</Problem>}
        <Button
          look={canUsePasskeys ? "plain" : "main"}
          type="submit"
          isBusy={entry.isBusy}
          className="min-h-12 text-base"
        >
          {t("nav.login")}
        </Button>
        <WalletEntry isBusy={entry.isBusy} enterBy={entry.enterBy} />
      </form>
    </AccountCard>
  );
}
