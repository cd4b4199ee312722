import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSite } from "#base/api/site.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { CopyButton } from "./copy-button.tsx";

/** New recovery codes, which nobody can see again. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const site = useSite();
  const text = `${codes.join("\n")}\n`;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-base text-pretty text-soft">{t("security.step.codes.text")}</p>
      <ul
        dir="ltr"
        className="grid grid-cols-[auto_auto] justify-between gap-x-3 gap-y-1.5 rounded-lg bg-raised px-3.5 py-3 font-mono text-[13px] select-all max-[26rem]:text-xs max-[22rem]:grid-cols-1"
      >
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <CopyButton secret={text} label={t("security.step.copyCodes")} doneText={t("security.step.codesCopied")} />
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download={`${site.name} recovery codes.txt`}
          className="inline-flex min-h-11 flex-1 items-center justify-center gap-2 rounded-lg bg-raised px-4 text-sm font-semibold whitespace-nowrap hover:bg-line"
        >
          <Download size={18} aria-hidden />
          {t("security.step.download")}
        </a>
      </div>
      <Button look="main" className="min-h-12 text-base" onPress={onDone}>
        {t("security.step.saved")}
      </Button>
    </div>
  );
}
