import { Copy } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { Live } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { isWholeKey } from "#parts/live/room-state.ts";

interface EncoderFieldsProps {
  live: Live;
  /** The whole key, where it was just made; nobody can learn it later. */
  wholeKey: string | null;
  onKey: (key: string) => void;
}

/** The address and the key for publishing software. The key is hidden; once shown, it stays until the page is left. */
export function EncoderFields({ live, wholeKey, onKey }: EncoderFieldsProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [isShown, setShown] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const key = wholeKey ?? live.stream_key ?? "";
  const reset = () =>
    ask("live.resetKey", { path: { id: live.id }, body: {} }).then(
      ({ stream_key }) => {
        onKey(stream_key);
        showToast(t("live.key.done"));
      },
      (thrown: unknown) => showToast(text(thrown)),
    );
  const isWhole = isWholeKey(wholeKey ?? undefined);
  return (
    <div className="flex flex-col gap-3">
      <Value label={t("live.address")} value={live.push_url ?? ""} isShown>
        <CopyButton value={live.push_url ?? ""} name={t("live.address")} />
      </Value>
      <div className="flex flex-col gap-1.5">
        <Value label={t("live.key")} value={key} isShown={isShown || !isWhole}>
          {isWhole && (
            <>
              <Button aria-pressed={isShown} className="bg-strong!" onPress={() => setShown(!isShown)}>
                {t(isShown ? "live.key.hide" : "live.key.show")}
              </Button>
              <CopyButton value={key} name={t("live.key")} />
            </>
          )}
          <Button
            className="bg-strong!"
            // A key that nobody can see any more is of use to nobody here.
            onPress={() => setAsking(true)}
          >
            {t("live.key.reset")}
          </Button>
        </Value>
        <p className="text-xs text-soft">{t(isWhole ? "live.key.text" : "live.key.gone")}</p>
      </div>
      {isAsking && (
        <ConfirmSheet
          title={t("live.key.ask")}
          text={t("live.key.ask.text")}
          action={t("live.key.reset")}
          onConfirm={() => void reset()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

interface ValueProps {
  label: string;
  value: string;
  isShown: boolean;
  children: ReactNode;
}

/** A value to copy, with its buttons in the same field. */
function Value({ label, value, isShown, children }: ValueProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="flex flex-wrap items-center gap-1 rounded-lg bg-raised p-1 sm:flex-nowrap">
        <input
          id={id}
          readOnly
          dir="ltr"
          type={isShown ? "text" : "password"}
          autoComplete="off"
          value={value}
          className="min-h-9 min-w-0 flex-1 rounded-md max-sm:basis-full bg-transparent px-2.5 text-base text-ink sm:text-sm"
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        {children}
      </div>
    </div>
  );
}

function CopyButton({ value, name }: { value: string; name: string }) {
  const { t } = useTranslation();
  const copy = () =>
    copyText(value).then(
      () => showToast(t("live.copied", { name })),
      () => showToast(t("live.copyFailed")),
    );
  return (
    <Button className="bg-strong!" aria-label={t("live.copyOf", { name })} onPress={() => void copy()}>
      <Copy size={16} aria-hidden />
      {t("live.copy")}
    </Button>
  );
}
