import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ChooseFile } from "#base/ui/fields/choose-file.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { domainsIn, domainsMax } from "./domains.ts";

interface DomainsFieldProps {
  which: "allowed" | "denied";
  /** As it is typed: one domain a line. */
  text: string;
  onChange: (text: string) => void;
}

/** A list of domains of addresses, which a file can add to. */
export function DomainsField({ which, text, onChange }: DomainsFieldProps) {
  const { t } = useTranslation();
  const { domains, refused } = domainsIn(text);
  const [first] = refused;
  const problem =
    first !== undefined
      ? t("admin.signUp.noDomain", { word: first })
      : domains.length > domainsMax
        ? t("admin.signUp.tooMany", { max: domainsMax })
        : null;
  const addFile = async (file: File) => {
    const read = domainsIn(await file.text());
    onChange([...new Set([...domains, ...read.domains]), ...refused].join("\n"));
  };
  return (
    <div className="flex flex-col gap-2">
      <Field
        label={t(`admin.signUp.${which}`)}
        hint={
          domains.length === 0 ? t(`admin.signUp.${which}.hint`) : t("admin.signUp.domains", { count: domains.length })
        }
        value={text}
        onChange={onChange}
        rows={4}
        placeholder="school.example"
        spellCheck="false"
        problem={problem}
      />
      <div className="self-start">
        <ChooseFile
          text={t("admin.signUp.import")}
          icon={<FileUp size={18} aria-hidden />}
          accept=".txt,.csv,text/plain,text/csv"
          onFile={(file) => void addFile(file)}
        />
      </div>
    </div>
  );
}
