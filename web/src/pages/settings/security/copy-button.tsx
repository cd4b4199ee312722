import { Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, type Look } from "#base/ui/buttons/button.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

interface CopyButtonProps {
  /** A secret that the page shows beside the button. */
  secret: string;
  label: string;
  /** The words after it was copied. */
  doneText: string;
  look?: Look;
  autoFocus?: boolean;
}

/** Copies a secret, or says that it has to be selected. */
export function CopyButton({ secret, label, doneText, look = "plain", autoFocus = false }: CopyButtonProps) {
  const { t } = useTranslation();
  const copy = () =>
    copyText(secret).then(
      () => showToast(doneText),
      () => showToast(t("security.token.copyFailed")),
    );
  return (
    <Button look={look} className="flex-1" onPress={() => void copy()} autoFocus={autoFocus}>
      <Copy size={18} aria-hidden />
      {label}
    </Button>
  );
}
