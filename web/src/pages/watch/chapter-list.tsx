import { useTranslation } from "react-i18next";
import { formatDuration } from "#base/format/format.ts";
import type { Chapter } from "#parts/player/chapters.ts";

interface ChapterListProps {
  chapters: readonly Chapter[];
  /** The one that plays. */
  current: number;
  onSeek: (seconds: number) => void;
}

/** The chapters under the video; a press goes there. */
export function ChapterList({ chapters, current, onSeek }: ChapterListProps) {
  const { t } = useTranslation();
  if (chapters.length === 0) return null;
  return (
    <section aria-labelledby="chapters" className="mt-3">
      <h2 id="chapters" className="mb-2 text-base font-semibold">
        {t("watch.chapters")}
      </h2>
      <ol className="flex max-h-72 flex-col overflow-y-auto rounded-xl">
        {chapters.map(({ start, title }, place) => (
          <li key={start}>
            <button
              type="button"
              aria-current={place === current}
              className={`flex min-h-11 w-full items-center gap-3 rounded-lg px-2 text-start hover:bg-raised ${place === current ? "bg-raised font-semibold" : ""}`}
              onClick={() => onSeek(start)}
            >
              <span className="tabular w-14 shrink-0 text-sm text-soft">{formatDuration(start)}</span>
              <span className="min-w-0 flex-1 break-words">{title}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
