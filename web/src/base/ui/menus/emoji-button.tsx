import { Smile } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { lazySheet } from "../loading/lazy-part.tsx";

const EmojiChoice = lazySheet(() => import("./emoji-choice.tsx"), "EmojiChoice");

/** A few pictures to put into a text; every keyboard of a phone has the others. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={t("emoji.choose")}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        className="grid size-10 shrink-0 place-items-center rounded-full text-soft hover:text-ink pointer-coarse:hidden"
        onPointerEnter={EmojiChoice.preload}
        onClick={() => setOpen(true)}
      >
        <Smile size={20} aria-hidden />
      </button>
      {isOpen && <EmojiChoice button={button} onPick={onPick} onClose={() => setOpen(false)} />}
    </>
  );
}
