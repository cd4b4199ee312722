import { ImagePlus, Mic, SendHorizontal } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { charactersIn } from "#base/text/characters.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { canRecord } from "./recording.ts";
import { Voice } from "./voice.tsx";

const contentMax = 2_000;
/** A text half written survives a reload (interface: nothing is lost). */
const draftKey = (receiverId: number) => `kinora.draft.${receiverId}`;

interface ComposerProps {
  receiverId: number;
  onSend: (content: string, file: File | null) => void;
}

/** The field for a message: Enter sends, Shift and Enter begin a new line. */
export function Composer({ receiverId, onSend }: ComposerProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => sessionStorage.getItem(draftKey(receiverId)) ?? "");
  const file = useRef<HTMLInputElement>(null);
  const write = (next: string) => {
    setText(next);
    sessionStorage.setItem(draftKey(receiverId), next);
  };
  const [isSpeaking, setSpeaking] = useState(false);
  const tooMany = charactersIn(text) - contentMax;
  const submit = () => {
    if (text.trim() === "" || tooMany > 0) return;
    onSend(text, null);
    write("");
  };
  if (isSpeaking) return <Voice onSend={(said) => onSend("", said)} onDone={() => setSpeaking(false)} />;
  return (
    <form
      className="flex items-end gap-1 border-t border-line bg-page px-2 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        ref={file}
        type="file"
        accept="image/*,video/*"
        tabIndex={-1}
        aria-hidden
        className="hidden"
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (chosen !== undefined) onSend("", chosen);
        }}
      />
      <IconButton label={t("chat.attach")} onPress={() => file.current?.click()}>
        <ImagePlus size={22} aria-hidden />
      </IconButton>
      {canRecord() && (
        <IconButton label={t("chat.voice")} onPress={() => setSpeaking(true)}>
          <Mic size={22} aria-hidden />
        </IconButton>
      )}
      <label className="min-w-0 flex-1">
        <span className="sr-only">{t("chat.write")}</span>
        <textarea
          value={text}
          rows={Math.min(5, text.split("\n").length)}
          placeholder={t("chat.write")}
          aria-invalid={tooMany > 0}
          className="block max-h-40 min-h-11 w-full resize-none rounded-lg border border-line bg-surface px-3 py-2.5 text-base"
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            // While a word is being composed, Enter chooses it.
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        {tooMany > 0 && (
          <span role="alert" className="text-xs text-bad">
            {t("field.tooLong", { count: tooMany })}
          </span>
        )}
      </label>
      <IconButton label={t("chat.send")} isDisabled={text.trim() === "" || tooMany > 0} onPress={submit}>
        <SendHorizontal size={22} aria-hidden />
      </IconButton>
    </form>
  );
}
