import { FolderInput } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "#base/api/query-client.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ChooseFile } from "#base/ui/fields/choose-file.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { type AccountArchive, BadArchive, openArchive } from "./archive.ts";
import { type Outcome, type PartName, partNames, restorers } from "./restore.ts";
import { BadZip } from "./zip.ts";

/** Adds the data of an export to the account of the viewer. */
export function ImportPart() {
  const { t } = useTranslation();
  const [archive, setArchive] = useState<AccountArchive | null>(null);
  const [outcomes, setOutcomes] = useState<Partial<Record<PartName, Outcome>>>({});
  const [fault, setFault] = useState<string | null>(null);
  const guard = async (act: () => Promise<void>) => {
    setFault(null);
    try {
      await act();
    } catch (thrown) {
      if (!(thrown instanceof BadZip || thrown instanceof BadArchive)) throw thrown;
      setFault(t(`settings.import.fault.${thrown.fault}`));
    }
  };
  const choose = useAction((file: File) =>
    guard(async () => {
      setArchive(null);
      setOutcomes({});
      setArchive(await openArchive(file));
    }),
  );
  const restore = useAction((chosen: AccountArchive) =>
    guard(async () => {
      for (const name of partNames) {
        const outcome = await restorers[name](chosen);
        setOutcomes((before) => ({ ...before, [name]: outcome }));
      }
      await queryClient.invalidateQueries();
    }),
  );
  const problem = fault ?? choose.problem ?? restore.problem;
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="text-pretty text-soft">{t("settings.import.text")}</p>
      <p className="text-sm text-pretty text-soft">{t("settings.import.not")}</p>
      <ChooseFile
        text={t("settings.import.choose")}
        icon={<FolderInput size={16} aria-hidden />}
        accept=".zip,application/zip"
        isDisabled={restore.isBusy}
        onFile={(file) => void choose.run(file)}
      />
      {problem !== null && <Problem>{problem}</Problem>}
      {archive !== null && (
        <Found archive={archive} isBusy={restore.isBusy} onStart={() => void restore.run(archive)} />
      )}
      <Outcomes outcomes={outcomes} />
    </div>
  );
}

function Found({ archive, isBusy, onStart }: { archive: AccountArchive; isBusy: boolean; onStart: () => void }) {
  const { t, i18n } = useTranslation();
  const { username: name, site, madeAt } = archive;
  const time = new Date(madeAt);
  return (
    <>
      <p className="text-sm wrap-anywhere">
        {t("settings.import.found", {
          name,
          site,
          time: Number.isNaN(time.getTime()) ? "?" : time.toLocaleDateString(i18n.language, { dateStyle: "medium" }),
        })}
      </p>
      <Button look="main" isBusy={isBusy} onPress={() => !isBusy && onStart()}>
        {t("settings.import.start")}
      </Button>
    </>
  );
}

function Outcomes({ outcomes }: { outcomes: Partial<Record<PartName, Outcome>> }) {
  const { t } = useTranslation();
  const done = partNames.flatMap((name) => {
    const outcome = outcomes[name];
    return outcome ? [{ name, outcome }] : [];
  });
  if (done.length === 0) return null;
  return (
    <div role="status">
      <dl className="flex flex-col gap-2 text-sm">
        {done.map(({ name, outcome }) => (
          <div key={name}>
            <dt className="font-medium">{t(`settings.import.part.${name}`)}</dt>
            <dd className="text-soft">{t("settings.import.outcome", { ...outcome })}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
