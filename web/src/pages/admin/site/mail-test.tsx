import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { emailQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";

/** The state of the mail server, and a mail to try it; a refusal is shown in the server's own words. */
export function MailTest({ hasMail }: { hasMail: boolean }) {
  const { t } = useTranslation();
  const ownAddress = useQuery(emailQuery).data?.email ?? "";
  return (
    <div className="flex flex-col gap-4 rounded-2xl bg-surface p-4 sm:p-6">
      <p className="flex items-start gap-3">
        {hasMail ? (
          <CircleCheck size={20} aria-hidden className="shrink-0 text-good" />
        ) : (
          <CircleAlert size={20} aria-hidden className="shrink-0 text-warn" />
        )}
        <span className="min-w-0">
          <span className="block font-medium">{t(hasMail ? "site.mail.on" : "site.mail.off")}</span>
          <span className="block text-sm text-soft">{t(hasMail ? "site.mail.on.text" : "site.mail.off.text")}</span>
        </span>
      </p>
      {hasMail && <TestForm key={ownAddress} own={ownAddress} />}
    </div>
  );
}

function TestForm({ own: ownAddress }: { own: string }) {
  const { t } = useTranslation();
  const [to, setTo] = useState(ownAddress);
  const [{ sentTo, answer }, setOutcome] = useState({ sentTo: "", answer: "" });
  const {
    run: send,
    isBusy,
    problem,
  } = useAction(
    async () => {
      setOutcome({ sentTo: "", answer: "" });
      await ask("instance.testMail", { body: { to: to.trim() }, timeoutMs: 45_000 });
      setOutcome({ sentTo: to.trim(), answer: "" });
    },
    {
      onFailure: (thrown) => {
        const { code, message } = asFailure(thrown);
        setOutcome({ sentTo: "", answer: code === "kernel.mail_failed" ? message : "" });
      },
    },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void send();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field
        label={t("site.mail.to")}
        type="email"
        autoComplete="email"
        value={to}
        onChange={setTo}
        charactersMax={254}
        isRequired
      />
      <Button type="submit" isBusy={isBusy} className="self-start">
        {t("site.mail.send")}
      </Button>
      {sentTo !== "" && (
        <p role="status" className="text-sm text-good">
          {t("site.mail.sent", { address: sentTo })}
        </p>
      )}
      {problem !== null && (
        <Problem>
          <span className="block">{problem}</span>
          {answer !== "" && <code className="mt-1 block text-xs break-words">{answer}</code>}
        </Problem>
      )}
    </form>
  );
}
