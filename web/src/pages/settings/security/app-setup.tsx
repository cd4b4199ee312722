import { type SubmitEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { CopyButton } from "./copy-button.tsx";

interface AppSetupProps {
  onClose: () => void;
  /** The recovery codes that came with it; none where there are codes already. */
  onDone: (codes: readonly string[]) => void;
}
interface Key {
  readonly secret: string;
  readonly uri: string;
}

/** Sets up an authenticator app: says what its loss costs, gives its key, and takes the first code. */
export function AppSetup({ onClose, onDone }: AppSetupProps) {
  const { t } = useTranslation();
  const [key, setKey] = useState<Key | null>(null);
  const { run: make, problem } = useAction(async () => setKey(await ask("auth.addTotp", { body: {} })));
  // The key is made for the sheet that is open, once.
  useEffect(() => void make(), []);
  return (
    <Sheet title={t("security.step.setUp.title")} isOpen onClose={onClose} isDismissable={key === null}>
      <div className="flex flex-col gap-4">
        <p className="text-base text-pretty text-soft">{t("security.step.setUp.text")}</p>
        {problem !== null && <Problem>{problem}</Problem>}
        {key === null ? problem === null && <Skeleton className="h-40" /> : <KeyForm appKey={key} onDone={onDone} />}
      </div>
    </Sheet>
  );
}

function KeyForm({ appKey, onDone }: { appKey: Key; onDone: AppSetupProps["onDone"] }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const { run, isBusy, problem } = useAction(
    async () => {
      const { recovery_codes: codes = [] } = await ask("auth.confirmTotp", { body: { code: code.trim() } });
      // The codes say it as well, and a toast would cover their buttons.
      if (codes.length === 0) showToast(t("security.step.added"));
      onDone(codes);
    },
    { changes: [keyOf("factors"), keyOf("alerts")] },
  );
  // The browser draws it: the key is in no address of a picture.
  const qr = `data:image/svg+xml,${encodeURIComponent(renderSVG(appKey.uri, { border: 2 }))}`;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        <p className="text-sm text-soft">{t("security.step.scan")}</p>
        <img src={qr} alt={t("security.step.qr")} className="size-40 self-center rounded-xl bg-white" />
        <p className="text-sm font-semibold">{t("security.step.key")}</p>
        <code dir="ltr" className="rounded-lg bg-raised px-3.5 py-3 text-sm tracking-wide break-all select-all">
          {appKey.secret.match(/.{1,4}/g)?.join(" ")}
        </code>
        <div className="flex flex-wrap gap-3">
          <CopyButton
            secret={appKey.secret}
            label={t("security.step.copyKey")}
            doneText={t("security.step.keyCopied")}
          />
          {/* A phone opens its app by it. */}
          <a
            href={appKey.uri}
            className="inline-flex min-h-11 flex-1 items-center justify-center rounded-lg bg-raised px-4 text-sm font-semibold hover:bg-line"
          >
            {t("security.step.openApp")}
          </a>
        </div>
      </div>
      <Field
        label={t("security.step.code")}
        name="code"
        value={code}
        onChange={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        charactersMax={6}
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button
        look="main"
        type="submit"
        isBusy={isBusy}
        isDisabled={code.trim().length < 6}
        className="min-h-12 text-base"
      >
        {t("security.step.turnOn")}
      </Button>
    </form>
  );
}
