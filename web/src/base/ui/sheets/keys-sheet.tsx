import { useTranslation } from "react-i18next";
import { Sheet } from "./sheet.tsx";

const feedKeys = [
  { keys: ["↓", "j"], text: "keys.next" },
  { keys: ["↑", "k"], text: "keys.previous" },
  { keys: ["Space"], text: "keys.play" },
  { keys: ["←", "→"], text: "keys.seek" },
  { keys: ["l"], text: "keys.like" },
  { keys: ["c"], text: "keys.comments" },
  { keys: ["s"], text: "keys.save" },
  { keys: ["f"], text: "keys.follow" },
  { keys: ["m"], text: "keys.mute" },
  { keys: ["?"], text: "keys.help" },
] as const;

const watchKeys = [
  { keys: ["Space", "k"], text: "keys.play" },
  { keys: ["←", "→"], text: "keys.seek" },
  { keys: ["l"], text: "keys.like" },
  { keys: ["m"], text: "keys.mute" },
  { keys: ["c"], text: "keys.captions" },
  { keys: ["a"], text: "keys.sound" },
  { keys: ["f"], text: "keys.fullscreen" },
  { keys: ["t"], text: "keys.theatre" },
  { keys: ["i"], text: "keys.mini" },
  { keys: ["p"], text: "keys.pip" },
  { keys: ["d"], text: "keys.danmaku" },
  { keys: ["n"], text: "keys.nextInList" },
  { keys: ["<", ">"], text: "keys.speed" },
  { keys: ["?"], text: "keys.help" },
] as const;

/** The keys of a page and their actions. */
export function KeysSheet({ page, onClose }: { page: "feed" | "watch"; onClose: () => void }) {
  const { t } = useTranslation();
  const rows = page === "feed" ? feedKeys : watchKeys;
  return (
    <Sheet title={t("keys.title")} isOpen onClose={onClose}>
      <dl className="flex flex-col">
        {rows.map((row) => (
          <div
            key={row.text}
            className="flex min-h-11 items-center justify-between gap-4 border-t border-line first:border-t-0"
          >
            <dt>{t(row.text)}</dt>
            <dd className="flex gap-1.5">
              {row.keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-md bg-raised px-2 py-1 text-center font-sans text-xs font-semibold"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
