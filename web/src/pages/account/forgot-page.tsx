import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { instanceQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { AccountCard } from "./account-card.tsx";

/** Asks for a mail with a link to a new password; without mail, says who can help. */
export function ForgotPage() {
  const { t } = useTranslation();
  const instance = useQuery(instanceQuery);
  const [email, setEmail] = useState("");
  const [isMissed, setMissed] = useState(false);
  const [isSent, setSent] = useState(false);
  useTitle(t("forgot.title"));
  const {
    run: send,
    isBusy,
    problem,
  } = useAction(async () => {
    await ask("auth.forgotPassword", { body: { email: email.trim() } });
    setSent(true);
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setMissed(email.trim() === "");
    if (email.trim() !== "") void send();
  };
  const foot = (
    <Link to="/login" className="inline-flex min-h-11 items-center font-semibold text-link hover:underline">
      {t("nav.login")}
    </Link>
  );
  if (instance.data !== undefined && !instance.data.features.includes("mail"))
    return (
      <AccountCard title={t("forgot.title")} text={t("forgot.noMail")} foot={foot}>
        {instance.data.contact !== "" && (
          <p className="mb-4">
            {t("forgot.contact")} <bdi className="font-semibold">{instance.data.contact}</bdi>
          </p>
        )}
        <LinkButton look="main" to="/" className="w-full">
          {t("missing.action")}
        </LinkButton>
      </AccountCard>
    );
  if (isSent)
    return (
      <AccountCard title={t("forgot.sent.title")} text={t("forgot.sent.text", { email: email.trim() })} foot={foot}>
        <Button className="w-full" onPress={() => setSent(false)}>
          {t("forgot.again")}
        </Button>
      </AccountCard>
    );
  return (
    <AccountCard title={t("forgot.title")} text={t("forgot.text")} foot={foot}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <Field
          label={t("forgot.email")}
          type="email"
          name="email"
          value={email}
          onChange={setEmail}
          autoComplete="email"
          charactersMax={254}
          problem={isMissed && email.trim() === "" ? t("forgot.missing") : null}
        />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button look="main" type="submit" isBusy={isBusy} className="min-h-12 text-base">
          {t("forgot.action")}
        </Button>
      </form>
    </AccountCard>
  );
}
