import { useQuery } from "@tanstack/react-query";
import { BadgeCheck } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { emailQuery, instanceQuery } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** The address of the account, whether it is verified, and the mail that verifies it. */
export function EmailPart() {
  const { data } = useQuery(emailQuery);
  if (data === undefined) return <Skeleton className="h-24" />;
  return <EmailForm key={data.email} email={data.email} isVerified={data.is_verified} />;
}

function EmailForm({ email, isVerified }: { email: string; isVerified: boolean }) {
  const { t } = useTranslation();
  const { data: instance } = useQuery(instanceQuery);
  const [value, setValue] = useState(email);
  const hasMail = instance?.features.includes("mail") === true;
  const { run, isBusy, problem } = useAction(async (work: () => Promise<unknown>, done: string) => {
    await work();
    await invalidate(emailQuery.queryKey);
    showToast(done);
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const given = value.trim();
    const change = () => ask("auth.setEmail", { body: { email: given } });
    void run(change, hasMail && given !== "" ? t("email.changedVerify") : t("action.saved"));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field
        label={t("email.label")}
        type="email"
        value={value}
        onChange={setValue}
        autoComplete="email"
        charactersMax={254}
        hint={
          email === "" ? (
            t("account.email.optional.hint")
          ) : isVerified ? (
            <span className="inline-flex items-center gap-1 text-good">
              <BadgeCheck size={14} aria-hidden />
              {t("email.verified")}
            </span>
          ) : (
            t(hasMail ? "email.unverified" : "email.noMail")
          )
        }
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" isBusy={isBusy} isDisabled={value.trim() === email}>
          {t("action.save")}
        </Button>
        {email !== "" && !isVerified && hasMail && (
          <Button onPress={() => void run(() => ask("auth.sendVerification", { body: {} }), t("email.sent"))}>
            {t("email.send")}
          </Button>
        )}
      </div>
    </form>
  );
}
