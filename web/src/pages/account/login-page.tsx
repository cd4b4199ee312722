import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { logIn, logInWithCode, logInWithPasskey, logInWithSecondPasskey, resumeLogIn } from "#base/api/account.ts";
import { canUsePasskeys } from "#base/api/passkeys.ts";
import { type Arrival, takeArrival } from "#base/api/providers.ts";
import { providersQuery } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { nextPath } from "../../../../src/policy/paths/next-path.ts";
import { AccountCard } from "./account-card.tsx";
import { Credentials } from "./credentials.tsx";
import { Or, PasskeyButton } from "./proofs/passkey-button.tsx";
import { ProviderButtons } from "./provider-buttons.tsx";
import { SecondStep, secondStepTitle } from "./proofs/second-step.tsx";
import { useEntry } from "./use-entry.ts";
import { WalletEntry } from "./wallet-entry.tsx";

export function LoginPage() {
  const { t } = useTranslation();
  const [arrival] = useState(takeArrival);
  const { from, next = nextAfter(arrival) } = useSearch({ from: "/login" });
  const { data: ways } = useQuery(providersQuery);
  useTitle(t("nav.login"));
  const entry = useEntry((username, password) => logIn({ username, password }), next, {
    arrival: arrival?.failure,
    second: { byCode: logInWithCode, byPasskey: logInWithSecondPasskey },
  });
  const isBack = from === "provider" && arrival === null;
  const resume = useEffectEvent(() => entry.enterBy(resumeLogIn));
  useEffect(() => {
    if (isBack) resume();
  }, [isBack]);
  const hasPasskeys = canUsePasskeys && ways?.passkeys !== false;
  const hasPassword = ways?.password !== false;
  const isUnnamed = arrival === null || arrival.provider === "" || entry.failure !== arrival.failure;
  const problem =
    isUnnamed || arrival.failure.code !== "auth.provider_failed"
      ? entry.problemText
      : t("login.provider.failed", { name: arrival.provider });
  if (entry.secondStep !== null)
    return (
      <AccountCard title={t(secondStepTitle(entry.secondStep))}>
        <SecondStep {...entry.secondStep} isBusy={entry.isBusy} failure={entry.failure} />
      </AccountCard>
    );
  return (
    <AccountCard
      title={t("account.login.title")}
      {...(hasPasskeys && { text: t("login.passkey.text") })}
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
      {hasPasskeys && (
        <>
          <PasskeyButton look="main" isBusy={entry.isBusy} onPress={() => entry.enterBy(logInWithPasskey)} />
          <Or />
        </>
      )}
      {hasPassword ? (
        <form onSubmit={entry.onSubmit} className="flex flex-col gap-5">
          <Credentials {...entry.fields} isNew={false} />
          <Link
            to="/forgot"
            className="-my-3 inline-flex min-h-11 items-center self-start font-medium text-link hover:underline"
          >
            {t("account.forgot")}
          </Link>
          {problem !== null && <Problem>{problem}</Problem>}
          <Button
            look={hasPasskeys ? "plain" : "main"}
            type="submit"
            isBusy={entry.isBusy}
            className="min-h-12 text-base"
          >
            {t("nav.login")}
          </Button>
        </form>
      ) : (
        problem !== null && <Problem>{problem}</Problem>
      )}
      <div className="mt-5 flex flex-wrap gap-2 empty:hidden">
        <WalletEntry isBusy={entry.isBusy} enterBy={entry.enterBy} />
        <ProviderButtons next={nextPath(next)} />
      </div>
    </AccountCard>
  );
}

/** The page that was to follow, of a way to a provider and back to this page. */
function nextAfter(arrival: Arrival | null): string | undefined {
  const { next } = arrival ?? {};
  const [path, query] = next?.split("?") ?? [];
  return path === "/login" ? (new URLSearchParams(query).get("next") ?? undefined) : next;
}
