import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { errorText } from "#base/i18n/error-text.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { mediaQuery } from "./use-media-check.ts";

/** The parts of a file that do not play, a line each; nothing for a file that plays whole. */
export function FileNotices({ mediaId }: { mediaId: number }) {
  const { i18n } = useTranslation();
  const { data } = useQuery({ ...mediaQuery(mediaId), enabled: mediaId > 0 });
  return (data?.notices ?? []).map((notice) => (
    <p key={notice.code} className="mt-0.5 flex items-start gap-1.5 text-xs text-warn">
      <TriangleAlert size={14} aria-hidden className="mt-px shrink-0" />
      <span className="wrap-anywhere">{errorText(notice, textsOf(i18n.language))}</span>
    </p>
  ));
}
