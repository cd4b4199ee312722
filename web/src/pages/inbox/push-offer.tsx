import { BellRing, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { usePush } from "#base/worker/use-push.ts";

const declinedKey = "kinora.push-declined";

/** Offers push messages in this browser, until they are on or the offer was declined. */
export function PushOffer({ userId }: { userId: number }) {
  const { t } = useTranslation();
  const { state, isBusy, turnOn } = usePush(userId);
  const [isDeclined, setDeclined] = useState(() => localStorage.getItem(declinedKey) !== null);
  if (isDeclined || state !== "off") return null;
  const decline = () => {
    localStorage.setItem(declinedKey, "1");
    setDeclined(true);
  };
  return (
    <section aria-label={t("push.offer.title")} className="mb-4 flex items-start gap-3 rounded-xl bg-surface p-4">
      <BellRing size={20} aria-hidden className="mt-0.5 shrink-0 text-soft" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-3">
        <p className="min-w-48 flex-1">
          <span className="block font-semibold">{t("push.offer.title")}</span>
          <span className="block text-sm text-soft">{t("push.offer.text")}</span>
        </p>
        <Button isBusy={isBusy} onPress={turnOn}>
          {t("push.turnOn")}
        </Button>
      </div>
      <IconButton label={t("action.close")} className="-me-2 -mt-2" onPress={decline}>
        <X size={18} aria-hidden />
      </IconButton>
    </section>
  );
}
