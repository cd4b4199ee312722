import { Fingerprint } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, type Look } from "#base/ui/buttons/button.tsx";

interface PasskeyButtonProps {
  look?: Look;
  isBusy: boolean;
  onPress: () => void;
}

/** Logs in with a passkey of this device, whichever account it is for. */
export function PasskeyButton({ look = "plain", isBusy, onPress }: PasskeyButtonProps) {
  const { t } = useTranslation();
  return (
    <Button look={look} className="min-h-12 w-full text-base" isDisabled={isBusy} onPress={onPress}>
      <Fingerprint size={20} aria-hidden />
      {t("login.passkey")}
    </Button>
  );
}

/** Between two ways to do the same thing. */
export function Or() {
  const { t } = useTranslation();
  return (
    <div className="my-5 flex items-center gap-3 text-sm text-soft">
      <span className="h-px flex-1 bg-line" />
      {t("login.or")}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
