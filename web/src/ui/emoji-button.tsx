import { Smile } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";

const emojis =
  "😀 😂 🥹 😊 😍 🥰 😘 😎 🤩 🤔 😮 😢 😭 😡 👍 👎 👏 🙏 💪 🙌 👀 ❤️ 🔥 ✨ 🎉 💯 🌊 🌅 🌸 🍜 ☕ 🎵 🎬 📷 🚲 🐱".split(
    " ",
  );

/** A few pictures to put into a text; every keyboard of a phone has the others. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button
        aria-label={t("emoji.choose")}
        className="grid size-10 shrink-0 place-items-center rounded-full text-soft hover:text-ink pointer-coarse:hidden"
      >
        <Smile size={20} aria-hidden />
      </Button>
      <Popover placement="top end" className="z-50 rounded-xl border border-line bg-surface text-ink shadow-2xl">
        <Dialog aria-label={t("emoji.choose")} className="grid grid-cols-9 p-2 outline-none">
          {emojis.map((emoji) => (
            <button
              key={emoji}
              type="button"
              className="grid size-9 place-items-center rounded-lg text-lg hover:bg-raised"
              onClick={() => {
                setOpen(false);
                onPick(emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
