import { Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** A text for another program, in one block with the button that copies it. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  const copy = () =>
    copyText(value).then(
      () => showToast(t("admin.copied")),
      () => showToast(t("runners.copyFailed")),
    );
  return (
    <div className="flex items-start gap-1 rounded-lg bg-raised p-1">
      <code dir="ltr" className="min-w-0 flex-1 px-2.5 py-2.5 text-xs break-all sm:text-sm">
        {value}
      </code>
      <IconButton label={t("runners.copy", { name: label })} onPress={() => void copy()}>
        <Copy size={18} aria-hidden />
      </IconButton>
    </div>
  );
}
