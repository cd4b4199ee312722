import { SendHorizontal } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import type { DanmakuDraft } from "./post.ts";

interface DanmakuFormProps {
  draft: DanmakuDraft;
  timeS: RefObject<number>;
  /** It was opened to be typed into. */
  isFocused?: boolean;
}

/** A field for a danmaku at this moment, with the button that sends it. */
export function DanmakuForm({ draft, timeS, isFocused = false }: DanmakuFormProps) {
  const { t } = useTranslation();
  const { content, setContent, tooMany, isBusy, submit } = draft;
  const seconds = useSeconds(timeS);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isFocused) field.current?.focus({ preventScroll: true });
  }, [isFocused]);
  return (
    <form
      onSubmit={submit}
      className="flex min-h-9 min-w-0 flex-1 items-center rounded-full bg-raised focus-within:outline-2 focus-within:outline-accent-strong pointer-coarse:min-h-11"
    >
      <input
        ref={field}
        value={content}
        onChange={({ target }) => setContent(target.value)}
        aria-invalid={tooMany > 0}
        aria-label={t("danmaku.name")}
        placeholder={t("danmaku.sayAt", { time: formatDuration(seconds) })}
        className="min-w-0 flex-1 bg-transparent ps-4 text-sm text-ink outline-none! placeholder:text-faint pointer-coarse:text-base"
      />
      {tooMany > 0 && (
        <span role="alert" className="text-xs whitespace-nowrap text-bad">
          {t("field.tooLong", { count: tooMany })}
        </span>
      )}
      <Button
        look="ghost"
        type="submit"
        isBusy={isBusy}
        isDisabled={content.trim() === "" || tooMany > 0}
        aria-label={t("danmaku.send")}
        className="rounded-full! text-link! disabled:text-faint!"
      >
        {!isBusy && <SendHorizontal size={18} aria-hidden className="rtl:-scale-x-100" />}
      </Button>
    </form>
  );
}

/** The position in whole seconds, for the field that names it. */
function useSeconds(timeS: RefObject<number>): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor(timeS.current)), 500);
    return () => clearInterval(timer);
  }, [timeS]);
  return seconds;
}
