import { useTranslation } from "react-i18next";
import { showToast } from "../toasts/toasts.tsx";
import { copyText } from "./copy-text.ts";

/** Shares the address of a page: a phone offers its own ways, elsewhere it is copied. */
export function useShareAddress(): (path: string, title: string) => void {
  const { t } = useTranslation();
  return (path, title) => {
    const url = new URL(path, window.location.href).href;
    const isTouch = window.matchMedia("(pointer: coarse)").matches;
    if (isTouch && "share" in navigator) {
      navigator.share({ title, url }).catch(() => undefined);
      return;
    }
    copyText(url).then(
      () => showToast(t("action.copied")),
      () => showToast(url),
    );
  };
}
