import { type ReactNode, type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { RegistrationRules } from "#base/api/types.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Choice, Toggle } from "#base/ui/buttons/choice.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { JoiningChoice } from "#parts/site/joining-choice.tsx";
import { DomainsField } from "./domains-field.tsx";
import { domainsIn, domainsMax } from "./domains.ts";

const emailRules = ["off", "optional", "required"] as const;
/** Each further bit doubles the work; a phone needs about a second for the least. */
const works = ["0", "14", "16", "18", "20"] as const;
type Work = (typeof works)[number];

/** The rules as they stand in the form: lists are texts. */
interface Draft {
  readonly registration: RegistrationRules["registration"];
  readonly email: RegistrationRules["email"];
  readonly usersInvite: boolean;
  readonly work: string;
  readonly allowed: string;
  readonly denied: string;
}

const draftOf = (rules: RegistrationRules): Draft => ({
  registration: rules.registration,
  email: rules.email,
  usersInvite: rules.users_invite,
  work: String(rules.work_bits),
  allowed: rules.domains_allowed.join("\n"),
  denied: rules.domains_denied.join("\n"),
});

/** The rules that the draft changes: another administrator may change the others at the same time. */
function changeOf(draft: Draft, before: Draft): Partial<RegistrationRules> {
  const isOther = (field: keyof Draft) => draft[field] !== before[field];
  return {
    ...(isOther("registration") && { registration: draft.registration }),
    ...(isOther("email") && { email: draft.email }),
    ...(isOther("usersInvite") && { users_invite: draft.usersInvite }),
    ...(isOther("work") && { work_bits: Number(draft.work) }),
    ...(isOther("allowed") && { domains_allowed: [...domainsIn(draft.allowed).domains] }),
    ...(isOther("denied") && { domains_denied: [...domainsIn(draft.denied).domains] }),
  };
}

const isFaulty = (text: string): boolean => {
  const { domains, refused } = domainsIn(text);
  return refused.length > 0 || domains.length > domainsMax;
};

interface RulesFormProps {
  rules: RegistrationRules;
  /** Without a mail server no address can be verified, so none is required. */
  hasMail: boolean;
}

export function RulesForm({ rules, hasMail }: RulesFormProps) {
  const { t } = useTranslation();
  const [before, setBefore] = useState(() => draftOf(rules));
  const [draft, setDraft] = useState(before);
  const change = (part: Partial<Draft>) => setDraft((earlier) => ({ ...earlier, ...part }));
  const isChanged = Object.keys(changeOf(draft, before)).length > 0;
  const { run, isBusy, problem } = useAction(async () => {
    const saved = await ask("auth.setRegistration", { body: changeOf(draft, before) });
    queryClient.setQueryData(keyOf("registration"), saved);
    setBefore(draftOf(saved));
    setDraft(draftOf(saved));
    void invalidate(keyOf("instance"));
    showToast(t("action.saved"));
  });
  const save = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isFaulty(draft.allowed) && !isFaulty(draft.denied)) void run();
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-5">
      <Group title={t("admin.signUp.who")}>
        <JoiningChoice value={draft.registration} onChange={(registration) => change({ registration })} />
        <Toggle
          label={t("admin.signUp.usersInvite")}
          text={t("admin.signUp.usersInvite.text")}
          isOn={draft.usersInvite}
          onChange={(usersInvite) => change({ usersInvite })}
        />
      </Group>
      <Group title={t("admin.signUp.address")}>
        <EmailRuleChoice {...{ draft, change, hasMail }} />
        <DomainsField which="allowed" text={draft.allowed} onChange={(allowed) => change({ allowed })} />
        <DomainsField which="denied" text={draft.denied} onChange={(denied) => change({ denied })} />
      </Group>
      <Group title={t("admin.signUp.robots")}>
        <WorkSelect {...{ draft, change }} />
      </Group>
      <div className="sticky bottom-(--bar) z-10 -mx-4 flex flex-wrap items-center justify-end gap-3 border-t border-line bg-page px-4 py-3 sm:mx-0 sm:px-0">
        {problem !== null && (
          <div className="min-w-0 flex-1">
            <Problem>{problem}</Problem>
          </div>
        )}
        {isChanged && <Button onPress={() => setDraft(before)}>{t("site.discard")}</Button>}
        <Button look="main" type="submit" isBusy={isBusy} isDisabled={!isChanged}>
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-5 rounded-2xl bg-surface p-4 sm:p-6">
      <h2 className="text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

function EmailRuleChoice({ draft, change, hasMail }: FieldsProps & { hasMail: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-1.5">
      <Choice
        label={t("admin.signUp.email")}
        value={draft.email}
        onChange={(email) => change({ email })}
        options={emailRules
          .filter((rule) => rule !== "required" || hasMail || draft.email === "required")
          .map((rule) => ({
            value: rule,
            name: t(`admin.signUp.email.${rule}`),
            text: t(`admin.signUp.email.${rule}.text`),
          }))}
      />
      {!hasMail && <p className="text-xs text-soft">{t("admin.signUp.email.noMail")}</p>}
    </div>
  );
}

function WorkSelect({ draft, change }: FieldsProps) {
  const { t } = useTranslation();
  // A client may have set another number.
  const values = works.some((value) => value === draft.work) ? works : [...works, draft.work as Work];
  return (
    <div className="flex flex-col gap-1.5">
      <Select
        label={t("admin.signUp.work")}
        value={draft.work as Work}
        onChange={(work) => change({ work })}
        options={values.map((value) => ({
          value,
          name: value === "0" ? t("admin.signUp.work.off") : t("admin.signUp.work.bits", { count: Number(value) }),
        }))}
      />
      <p className="text-xs text-soft">{t("admin.signUp.work.text")}</p>
    </div>
  );
}
