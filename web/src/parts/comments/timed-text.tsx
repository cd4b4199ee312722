import { useTranslation } from "react-i18next";
import { RichText } from "#base/text/rich-text.tsx";
import { piecesOf } from "#parts/player/chapters.ts";

interface TimedTextProps {
  text: string;
  durationS: number;
  onSeek: (seconds: number) => void;
}

/** Words in which the times of the film lead there, and hashtags and names to their pages. */
export function TimedText({ text, durationS, onSeek }: TimedTextProps) {
  const { t } = useTranslation();
  let at = 0;
  return piecesOf(text, durationS).map(({ text: piece, toS }) => {
    const key = at;
    at += piece.length;
    if (toS === null) return <RichText key={key} text={piece} />;
    return (
      <button
        key={key}
        type="button"
        aria-label={t("watch.seekTo", { time: piece })}
        className="tabular text-accent-strong hover:underline"
        onClick={() => onSeek(toS)}
      >
        {piece}
      </button>
    );
  });
}
