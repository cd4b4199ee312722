import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { mediaQuery } from "./use-media-check.ts";

/** The qualities that are ready, in a quiet line. */
export function Ladder({ mediaId }: { mediaId: number }) {
  const { t } = useTranslation();
  const { data } = useQuery({ ...mediaQuery(mediaId), enabled: mediaId > 0 });
  const heights = [...new Set((data?.renditions ?? []).map(({ width, height }) => Math.min(width, height)))]
    .filter((height) => height > 0)
    .toSorted((a, b) => a - b);
  if (heights.length === 0) return null;
  const list = heights.map((height) => `${height}p`).join(" · ");
  return (
    <p className="tabular mt-0.5 text-xs text-soft">
      {t(data?.status === "ready" ? "upload.ladder" : "upload.ladder.more", { list })}
    </p>
  );
}
