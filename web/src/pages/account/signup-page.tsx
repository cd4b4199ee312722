import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { signUp, type SignUp } from "#base/api/account.ts";
import { asFailure } from "#base/api/request/failure.ts";
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
  const [workDone, setWorkDone] = useState<number | null>(null);
  const entry = useEntry(
    (username, password) =>
      signUpWithWork(
        {
          username,
          password,
          ...(email.trim() !== "" && { email: email.trim() }),
          ...(isAsked && { application }),
          ...(code !== undefined && invitation?.valid !== false && { invitation: code }),
        },
        setWorkDone,
      ),
    next,
  );

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
          <Field
            label={t("account.email")}
            hint={t("account.email.hint")}
            type="email"
            name="email"
            value={email}
            onChange={setEmail}
            autoComplete="email"
            charactersMax={254}
            problem={entry.failure?.fields[0]?.field === "email" ? entry.problemText : null}
          />
        </Credentials>
        {isAsked && (
          <Field
            label={t("account.approval.application")}
            value={application}
            onChange={setApplication}
            charactersMax={1000}
            rows={3}
          />
        )}
        {entry.problemText !== null && !isAboutField(entry.failure) && <Problem>{entry.problemText}</Problem>}
        <Button look="main" type="submit" isBusy={entry.isBusy} className="min-h-12 text-base">
          {t("account.create")}
        </Button>
        {workDone !== null && <WorkProgress share={workDone} />}
      </form>
    </AccountCard>
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
