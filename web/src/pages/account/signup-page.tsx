import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { signUp, type SignUp } from "#base/api/account.ts";
import { asFailure, type Failure } from "#base/api/request/failure.ts";
import type { User } from "#base/api/types.ts";
import { instanceQuery } from "#base/api/queries.ts";
import { useSite } from "#base/api/site.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { AccountCard } from "./account-card.tsx";
import { Credentials, isAboutField } from "./credentials.tsx";
import { puzzleOf, solve } from "./work/sign-up-work.ts";
import { InviterCard, useInvitation } from "./signup-invitation.tsx";
import { useEntry } from "./use-entry.ts";
import { WalletEntry } from "./wallet-entry.tsx";

export function SignupPage() {
  const { next, invitation } = useSearch({ from: "/signup" });
  return <SignupForm next={next} invitation={invitation} />;
}

interface SignupFormProps {
  next: string | undefined;
  /** The code of the link that led here. */
  invitation: string | undefined;
}

export function SignupForm({ next, invitation: code }: SignupFormProps) {
  const { t } = useTranslation();
  const invitation = useInvitation(code);
  const instance = useQuery(instanceQuery);
  const site = useSite();
  useTitle(t("nav.signup"));
  const [application, setApplication] = useState("");
  const [email, setEmail] = useState("");
  const isAsked = instance.data?.registration === "approval";
  const emailRule = instance.data?.sign_up_email ?? "optional";
  const [workDone, setWorkDone] = useState<number | null>(null);
  const hasInvitation = code !== undefined && invitation?.valid !== false;
  const given = { ...(isAsked && { application }), ...(hasInvitation && { invitation: code }) };
  const entry = useEntry(
    (username, password) =>
      signUpWithWork(
        {
          username,
          password,
          ...(emailRule !== "off" && email.trim() !== "" && { email: email.trim() }),
          ...given,
        },
        setWorkDone,
      ),
    next,
  );

  const emailProblem = isAboutEmail(entry.failure) ? entry.problemText : null;

  if (entry.failure?.code === "auth.awaiting_approval")
    return (
      <AccountCard title={t("account.approval.title")} text={t("account.approval.wait")}>
        <LinkButton look="main" to="/" className="w-full">
          {t("missing.action")}
        </LinkButton>
      </AccountCard>
    );

  if (instance.data?.registration === "closed") return <Shut reason="closed" next={next} />;
  if (instance.data?.registration === "invitation" && (code === undefined || invitation?.valid === false))
    return <Shut reason="invitation.needed" next={next} head={<InviterCard invitation={invitation} />} />;
  return (
    <AccountCard
      title={t("account.signup.title", { site: site.name })}
      text={t(isAsked ? "account.approval.text" : "account.signup.text")}
      foot={<ToLogin next={next} />}
      head={<InviterCard invitation={invitation} />}
    >
      <form onSubmit={entry.onSubmit} className="flex flex-col gap-5">
        <Credentials {...entry.fields} isNew>
          {emailRule !== "off" && (
            <EmailField rule={emailRule} email={email} onChange={setEmail} problem={emailProblem} />
          )}
        </Credentials>
        {isAsked && (
          <Field
            label={t("account.approval.application")}
            value={application}
            onChange={setApplication}
            charactersMax={1000}
            hasCount
            rows={3}
          />
        )}
        {entry.problemText !== null && emailProblem === null && !isAboutField(entry.failure) && (
          <Problem>{entry.problemText}</Problem>
        )}
        <Button look="main" type="submit" isBusy={entry.isBusy} className="min-h-12 text-base">
          {t(isAsked ? "account.apply" : "account.create")}
        </Button>
        {workDone !== null && <WorkProgress share={workDone} />}
        {emailRule !== "required" && <WalletEntry given={given} isBusy={entry.isBusy} enterBy={entry.enterBy} />}
      </form>
    </AccountCard>
  );
}

/** The codes of refusals that are about the address. */
const emailFailures = ["auth.email_missing", "auth.email_taken", "auth.domain_denied"];
const isAboutEmail = (failure: Failure | null): boolean =>
  failure !== null && (emailFailures.includes(failure.code) || failure.fields[0]?.field === "email");

interface EmailFieldProps {
  rule: "optional" | "required";
  email: string;
  onChange: (email: string) => void;
  problem: string | null;
}

function EmailField({ rule, email, onChange, problem }: EmailFieldProps) {
  const { t } = useTranslation();
  return (
    <Field
      label={t(`account.email.${rule}`)}
      hint={t(`account.email.${rule}.hint`)}
      type="email"
      name="email"
      value={email}
      onChange={onChange}
      autoComplete="email"
      isRequired={rule === "required"}
      charactersMax={254}
      problem={problem}
    />
  );
}

/** Signs up, after the work that the server may ask for; `onDone` receives its share that is done, and null at its end. */
async function signUpWithWork(given: SignUp, onDone: (share: number | null) => void): Promise<User> {
  try {
    return await signUp(given);
  } catch (thrown) {
    const order = puzzleOf(asFailure(thrown));
    if (order === undefined) throw thrown;
    onDone(0);
    const work = await solve(order, (share) => onDone(Math.min(share, 0.95))).finally(() => onDone(null));
    return signUp({ ...given, work });
  }
}

function WorkProgress({ share }: { share: number }) {
  const { t } = useTranslation();
  return (
    <p role="status" className="-mt-2 text-sm text-soft">
      {t("account.work", { percent: Math.round(share * 100) })}
    </p>
  );
}

interface ShutProps {
  reason: "closed" | "invitation.needed";
  next: string | undefined;
  head?: ReactNode;
}

/** No form, and why there is none. */
function Shut({ reason, next, head }: ShutProps) {
  const { t } = useTranslation();
  return (
    <AccountCard title={t(`account.${reason}.title`)} text={t(`account.${reason}.text`)} head={head}>
      <LinkButton look="main" to="/login" search={{ next }} className="w-full">
        {t("nav.login")}
      </LinkButton>
    </AccountCard>
  );
}

/** For those who have an account already. */
function ToLogin({ next }: { next: string | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      {t("account.toLogin")}
      <Link
        to="/login"
        search={{ next }}
        className="inline-flex min-h-11 items-center font-semibold text-link hover:underline"
      >
        {t("nav.login")}
      </Link>
    </>
  );
}
