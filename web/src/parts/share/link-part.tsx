import { Copy, Link2 } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { secondsOf, type Start } from "./start.ts";

interface LinkPartProps {
  /** With what it says of its start. */
  link: string;
  durationS: number;
  start: Start;
  onStart: (start: Start) => void;
}

/** The link to copy, and where it begins. */
export function LinkPart({ link, durationS, start, onStart }: LinkPartProps) {
  const { t } = useTranslation();
  const copy = () => {
    copyText(link).then(
      () => showToast(t("action.copied")),
      () => undefined,
    );
  };
  const [address, query] = link.split("?");
  return (
    <section aria-label={t("share.video.link")}>
      <div className="flex items-center gap-2">
        <span
          dir="ltr"
          className="flex h-11 min-w-0 flex-1 items-center rounded-lg bg-raised px-3 select-all"
          data-link={link}
        >
          <Link2 size={18} aria-hidden className="me-2.5 shrink-0 text-soft" />
          <span className="truncate">{address}</span>
          {query !== undefined && <span className="shrink-0 font-semibold">?{query}</span>}
        </span>
        <Button look="main" onPress={copy} className="pointer-fine:min-h-11">
          <Copy size={16} aria-hidden />
          {t("action.copyLink")}
        </Button>
      </div>
      {durationS >= 1 && <StartField durationS={durationS} start={start} onStart={onStart} />}
    </section>
  );
}

/** A time that is typed counts from its first valid form on; what is none returns to the last that was. */
function StartField({ durationS, start, onStart }: Omit<LinkPartProps, "link">) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState(formatDuration(start.atS));
  const type = (text: string) => {
    setTyped(text);
    const atS = secondsOf(text, durationS);
    if (atS !== null) onStart({ isOn: true, atS });
  };
  return (
    <div className="mt-1 -mb-1 flex min-h-11 items-center gap-2">
      <label htmlFor={id} className="flex min-h-11 items-center gap-2.5">
        <input
          id={id}
          type="checkbox"
          checked={start.isOn}
          onChange={({ target }) => onStart({ ...start, isOn: target.checked })}
          className="size-4.5 accent-accent"
        />
        {t("share.video.startAt")}
      </label>
      <input
        aria-label={t("share.video.startTime")}
        dir="ltr"
        inputMode="text"
        maxLength={8}
        value={typed}
        onChange={({ target }) => type(target.value)}
        onBlur={() => setTyped(formatDuration(start.atS))}
        className="tabular h-11 w-20 rounded-lg bg-raised px-3 text-center text-base font-semibold pointer-fine:h-8 pointer-fine:text-sm"
      />
    </div>
  );
}
