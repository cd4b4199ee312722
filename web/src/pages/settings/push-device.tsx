import { BellRing } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { usePush } from "#base/worker/use-push.ts";
import { Part } from "./part.tsx";

/** The state of push messages in this browser, with the way to change it. */
export function PushDevice({ userId }: { userId: number }) {
  const { t } = useTranslation();
  const { state, isBusy, turnOn, turnOff } = usePush(userId);
  return (
    <Part title={t("push.device")}>
      <div className="flex flex-wrap items-center gap-3">
        <BellRing size={20} aria-hidden className="shrink-0 text-soft" />
        <p role="status" className="min-w-48 flex-1 text-sm text-soft">
          {t(`push.state.${state ?? "off"}`)}
        </p>
        {state === "off" && (
          <Button look="main" isBusy={isBusy} onPress={turnOn}>
            {t("push.turnOn")}
          </Button>
        )}
        {state === "on" && (
          <Button isBusy={isBusy} onPress={turnOff}>
            {t("push.turnOff")}
          </Button>
        )}
      </div>
    </Part>
  );
}
