import { Copy, Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSite } from "#base/api/site.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** New recovery codes, which nobody can see again. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const site = useSite();
  const text = `${codes.join("\n")}\n`;
  const copy = () =>
    copyText(text).then(
      () => showToast(t("security.step.codesCopied")),
      () => showToast(t("security.token.copyFailed")),
    );
  return (
    <div className="flex flex-col gap-4">
      <p className="text-base text-pretty text-soft">{t("security.step.codes.text")}</p>
      <ul
        dir="ltr"
        className="grid grid-cols-2 gap-x-4 gap-y-1.5 rounded-lg bg-raised px-3.5 py-3 font-mono text-sm select-all"
      >
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap max-[26rem]:text-xs">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <Button className="flex-1" onPress={() => void copy()}>
          <Copy size={18} aria-hidden />
          {t("security.step.copyCodes")}
        </Button>
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
