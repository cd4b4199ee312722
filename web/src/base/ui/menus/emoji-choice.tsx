import type { RefObject } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";

const emojis =
  "😀 😂 🥹 😊 😍 🥰 😘 😎 🤩 🤔 😮 😢 😭 😡 👍 👎 👏 🙏 💪 🙌 👀 ❤️ 🔥 ✨ 🎉 💯 🌊 🌅 🌸 🍜 ☕ 🎵 🎬 📷 🚲 🐱".split(
    " ",
  );

interface EmojiChoiceProps {
  /** The button that opened it, which gets the focus back. */
  button: RefObject<HTMLButtonElement | null>;
  onPick: (emoji: string) => void;
  onClose: () => void;
}

/** The pictures of an `EmojiButton`, from when it is opened. */
export function EmojiChoice({ button, onPick, onClose }: EmojiChoiceProps) {
  const { t } = useTranslation();
  return (
    <Popover
      triggerRef={button}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      placement="top end"
      className="z-50 rounded-xl border border-line bg-surface text-ink shadow-2xl"
    >
      <Dialog aria-label={t("emoji.choose")} className="grid grid-cols-9 p-2 outline-none">
        {emojis.map((emoji) => (
          <button
            key={emoji}
            type="button"
            className="grid size-9 place-items-center rounded-lg text-lg hover:bg-raised"
            onClick={() => {
              onClose();
              onPick(emoji);
            }}
          >
            {emoji}
          </button>
        ))}
      </Dialog>
    </Popover>
  );
}
