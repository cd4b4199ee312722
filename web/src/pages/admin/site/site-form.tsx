import { type ReactNode, type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Instance } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { AccentField } from "#parts/site/accent-field.tsx";
import { IconField } from "#parts/site/icon-field.tsx";
import { saveSite } from "#parts/site/save-site.ts";
import { changeOf, draftOf, type SiteDraft } from "#parts/site/site-draft.ts";
import { SitePreview } from "#parts/site/site-preview.tsx";
import { LanguagesField } from "./languages-field.tsx";

const startPages = ["auto", "feed", "explore"] as const satisfies readonly Instance["start_page"][];

/**
 * The settings of the site, with a preview of its look beside them. The typed text stays if saving fails, and if
 * another administrator changes something at the same time.
 */
export function SiteForm({ site }: { site: Instance }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(site));
  const change = (part: Partial<SiteDraft>) => {
    setProblem(null);
    setDraft((before) => ({ ...before, ...part }));
  };
  const isChanged = Object.keys(changeOf(draft, site)).length > 0;
  const isNameless = draft.name.trim() === "";
  const {
    run: save,
    isBusy,
    problem,
    setProblem,
  } = useAction(async () => {
    if (isNameless) return;
    setDraft(draftOf(await saveSite(draft, site)));
    showToast(t("action.saved"));
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void save();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <div className="grid items-start gap-5 lg2:grid-cols-[minmax(0,1fr)_minmax(18rem,24rem)]">
        <Group title={t("site.look")}>
          <LookFields {...{ draft, change, isNameless }} />
        </Group>
        <div className="rounded-2xl bg-raised p-4 lg2:sticky lg2:top-18 lg2:row-span-2">
          <SitePreview draft={draft} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Group title={t("site.about")}>
            <AboutFields {...{ draft, change }} />
          </Group>
          <Group title={t("site.visitors")}>
            <VisitorFields {...{ draft, change }} />
          </Group>
        </div>
      </div>
      <div className="sticky bottom-(--bar) z-10 -mx-4 flex flex-wrap items-center justify-end gap-3 border-t border-line bg-page px-4 py-3 sm:-mx-8 sm:px-8">
        {problem !== null && (
          <div className="min-w-0 flex-1">
            <Problem>{problem}</Problem>
          </div>
        )}
        {isChanged && problem === null && <p className="text-sm text-soft">{t("site.unsaved")}</p>}
        {isChanged && <Button onPress={() => change(draftOf(site))}>{t("site.discard")}</Button>}
        <Button look="main" type="submit" isBusy={isBusy}>
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
  draft: SiteDraft;
  change: (part: Partial<SiteDraft>) => void;
}

function LookFields({ draft, change, isNameless }: FieldsProps & { isNameless: boolean }) {
  const { t } = useTranslation();
  return (
    <>
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
    </>
  );
}

function AboutFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={t("site.description")}
        hint={t("site.description.hint")}
        value={draft.description}
        onChange={(description) => change({ description })}
        charactersMax={300}
        rows={2}
      />
      <Field
        label={t("site.rules")}
        hint={t("site.rules.hint")}
        value={draft.rules}
        onChange={(rules) => change({ rules })}
        charactersMax={20_000}
        rows={6}
      />
      <Field
        label={t("site.contact")}
        hint={t("site.contact.hint")}
        value={draft.contact}
        onChange={(contact) => change({ contact })}
        charactersMax={254}
      />
    </>
  );
}

function VisitorFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={t("site.start")}
        value={draft.startPage}
        onChange={(startPage) => change({ startPage })}
        options={startPages.map((value) => ({ value, name: t(`site.start.${value}`) }))}
      />
      <LanguagesField languages={draft.languages} onChange={(languages) => change({ languages })} />
    </>
  );
}
