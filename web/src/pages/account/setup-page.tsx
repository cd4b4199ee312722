import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Film, Upload } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { instanceQuery, useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Instance } from "#base/api/types.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { NotFoundPage } from "#parts/shell/not-found-page.tsx";
import { AccentField } from "#parts/site/accent-field.tsx";
import { IconField } from "#parts/site/icon-field.tsx";
import { JoiningChoice } from "#parts/site/joining-choice.tsx";
import { saveSite } from "#parts/site/save-site.ts";
import { draftOf, type SiteDraft } from "#parts/site/site-draft.ts";
import { SetupFrame } from "./setup-frame.tsx";

/**
 * The steps of the first run after the administrator. Each has an address, so that a reload stays where it was, and none
 * must be done: all of it can be changed later.
 */
export function SetupPage() {
  const { t } = useTranslation();
  const me = useMe();
  const instance = useQuery(instanceQuery);
  const { step = 2 } = useSearch({ from: "/setup" });
  useTitle(t("first.title"));
  if (me === null || (me !== undefined && me.role !== "admin")) return <NotFoundPage />;
  if (instance.isError && instance.data === undefined)
    return <ErrorState error={instance.error} onRetry={() => void instance.refetch()} />;
  if (me === undefined || instance.data === undefined) return <div aria-busy className="min-h-dvh" />;
  return <Steps key={step} step={step} site={instance.data} />;
}

interface StepProps {
  site: Instance;
  go: (step: 2 | 3 | 4) => void;
  leave: () => void;
}

function Steps({ step, site }: { step: 2 | 3 | 4; site: Instance }) {
  const navigate = useNavigate();
  const go = (next: 2 | 3 | 4) => void navigate({ to: "/setup", search: { step: next } });
  const leave = () => void navigate({ to: "/" });
  if (step === 2) return <LookStep {...{ site, go, leave }} />;
  return step === 3 ? <JoiningStep {...{ site, go, leave }} /> : <StartStep {...{ site, go, leave }} />;
}

/** The draft of a step and the way to save it. The typed text stays if saving fails. */
function useStep(site: Instance, onSaved: () => void) {
  const [draft, setDraft] = useState(() => draftOf(site));
  const {
    run: save,
    isBusy,
    problem,
    setProblem,
  } = useAction(async () => {
    await saveSite(draft, site);
    onSaved();
  });
  return {
    draft,
    isBusy,
    problem,
    change: (part: Partial<SiteDraft>) => {
      setProblem(null);
      setDraft((before) => ({ ...before, ...part }));
    },
    save,
  };
}

function LookStep({ site, go }: StepProps) {
  const { t } = useTranslation();
  const { draft, change, save, isBusy, problem } = useStep(site, () => go(3));
  const isNameless = draft.name.trim() === "";
  return (
    <SetupFrame
      step={2}
      title={t("first.look.title")}
      text={t("first.look.text")}
      look={draft}
      isAboutLook
      submit={t("first.continue")}
      isBusy={isBusy}
      problem={problem}
      onSubmit={() => {
        if (!isNameless) void save();
      }}
      onSkip={() => go(3)}
    >
      <Field
        label={t("site.name")}
        value={draft.name}
        onChange={(name) => change({ name })}
        charactersMax={60}
        autoComplete="off"
        isRequired
        problem={isNameless ? t("site.name.missing") : null}
      />
      <IconField name={draft.name.trim()} icon={draft.icon} onChange={(icon) => change({ icon })} />
      <AccentField accent={draft.accent} onChange={(accent) => change({ accent })} />
      <Field
        label={t("site.description")}
        hint={t("first.optional")}
        value={draft.description}
        onChange={(description) => change({ description })}
        charactersMax={300}
        rows={2}
      />
    </SetupFrame>
  );
}

function JoiningStep({ site, go }: StepProps) {
  const { t } = useTranslation();
  const { draft, change, save, isBusy, problem } = useStep(site, () => go(4));
  return (
    <SetupFrame
      step={3}
      title={t("first.joining.title")}
      text={t("first.joining.text")}
      look={draft}
      submit={t("first.continue")}
      isBusy={isBusy}
      problem={problem}
      onSubmit={() => void save()}
      onBack={() => go(2)}
      onSkip={() => go(4)}
    >
      <JoiningChoice value={draft.registration} onChange={(registration) => change({ registration })} />
    </SetupFrame>
  );
}

function StartStep({ site, go, leave }: StepProps) {
  const { t } = useTranslation();
  const {
    run: addDemo,
    isBusy,
    problem,
  } = useAction(async () => {
    await ask("auth.addDemo", { body: {} });
    await invalidate(instanceQuery.queryKey);
    showToast(t("first.demo.coming"));
    leave();
  });
  return (
    <SetupFrame
      step={4}
      title={t("first.start.title")}
      text={t("first.start.text")}
      look={draftOf(site)}
      problem={problem}
      onBack={() => go(3)}
      onSkip={leave}
    >
      <ul className="flex flex-col gap-3">
        <li className="flex flex-col items-start gap-3 rounded-xl border border-line bg-surface p-4">
          <p>
            <span className="block font-semibold">{t("first.upload")}</span>
            <span className="block text-sm text-soft">{t("first.upload.text")}</span>
          </p>
          <LinkButton look="main" to="/upload">
            <Upload size={18} aria-hidden />
            {t("first.upload.action")}
          </LinkButton>
        </li>
        <li className="flex flex-col items-start gap-3 rounded-xl border border-line bg-surface p-4">
          <p>
            <span className="block font-semibold">{t("first.demo")}</span>
            <span className="block text-sm text-soft">{t(site.demo ? "first.demo.there" : "first.demo.text")}</span>
          </p>
          {!site.demo && (
            <Button isBusy={isBusy} onPress={() => void addDemo()}>
              <Film size={18} aria-hidden />
              {t("first.demo.action")}
            </Button>
          )}
        </li>
      </ul>
    </SetupFrame>
  );
}
