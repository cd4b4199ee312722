import { useQuery } from "@tanstack/react-query";
import { ListOrdered, Smartphone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { factorsQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { formatShortDay } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { AppSetup } from "./app-setup.tsx";
import { Panel, Row, RowsSkeleton } from "./panel.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

type Opened =
  | { readonly kind: "setup" | "remove" | "renew" }
  | { readonly kind: "codes"; readonly codes: readonly string[] };

/** The step after the password: an authenticator app, and the codes for its loss. */
export function SecondStepPart() {
  const { t, i18n } = useTranslation();
  const query = useQuery(factorsQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const changes = [keyOf("factors"), keyOf("alerts")];
  const { run: remove } = useAction(
    async () => {
      await ask("auth.removeTotp", {});
      showToast(t("security.step.removed"));
    },
    { failure: "toast", changes },
  );
  const { run: renew } = useAction(
    async () => {
      const { recovery_codes: codes } = await ask("auth.renewRecoveryCodes", { body: {} });
      setOpened({ kind: "codes", codes });
    },
    { failure: "toast", changes },
  );
  const { data } = query;
  return (
    <Panel title={t("security.step")}>
      {query.isError && data === undefined ? (
        <LoadFailed query={query} />
      ) : data === undefined ? (
        <RowsSkeleton rows={1} />
      ) : (
        <div className="flex flex-col divide-y divide-line">
          <Row
            icon={<Smartphone size={20} aria-hidden />}
            title={t("security.step.app")}
            text={
              data.totp === null
                ? t(
                    data.passkeys.length > 0
                      ? "security.step.unset"
                      : data.password
                        ? "security.step.off"
                        : "security.step.single",
                  )
                : t("security.step.since", {
                    day: formatShortDay(Date.parse(data.totp.since), Date.now(), i18n.language),
                  })
            }
            end={
              <Button onPress={() => setOpened({ kind: data.totp === null ? "setup" : "remove" })}>
                {t(data.totp === null ? "security.step.setUp" : "security.step.turnOff")}
              </Button>
            }
          />
          {(data.totp !== null || data.passkeys.length > 0) && (
            <Row
              icon={<ListOrdered size={20} aria-hidden />}
              title={t("security.step.codes")}
              text={t("security.step.codesLeft", { count: data.recovery_codes_left })}
              end={<Button onPress={() => setOpened({ kind: "renew" })}>{t("security.step.renew")}</Button>}
            />
          )}
        </div>
      )}
      {opened?.kind === "setup" && (
        <AppSetup onClose={close} onDone={(codes) => setOpened(codes.length > 0 ? { kind: "codes", codes } : null)} />
      )}
      {opened?.kind === "codes" && (
        <Sheet title={t("security.step.codes")} isOpen onClose={close} isDismissable={false}>
          <RecoveryCodes codes={opened.codes} onDone={close} />
        </Sheet>
      )}
      {(opened?.kind === "remove" || opened?.kind === "renew") && (
        <Question
          of={opened.kind}
          hasPasskey={data !== undefined && data.passkeys.length > 0}
          onConfirm={() => void (opened.kind === "remove" ? remove() : renew())}
          onClose={close}
        />
      )}
    </Panel>
  );
}

interface QuestionProps {
  of: "remove" | "renew";
  hasPasskey: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before a change that ends codes. */
function Question({ of, hasPasskey, onConfirm, onClose }: QuestionProps) {
  const { t } = useTranslation();
  const key = of === "remove" ? "security.step.turnOff" : "security.step.renew";
  return (
    <ConfirmSheet
      title={t(`${key}.title`)}
      text={t(of === "remove" && hasPasskey ? "security.step.turnOff.passkey" : `${key}.text`)}
      action={t(key)}
      onConfirm={onConfirm}
      onClose={onClose}
    />
  );
}
