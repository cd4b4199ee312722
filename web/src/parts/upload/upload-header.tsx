import { useRouter } from "@tanstack/react-router";
import { Check, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";

/** The head of the page. On a phone it stands in the place of the bar below: the cross leads back, and loses nothing. */
export function UploadHeader({ title, isSaved = false }: { title: string; isSaved?: boolean }) {
  const { t } = useTranslation();
  const router = useRouter();
  const leave = () => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: "/" });
  };
  return (
    <header className="flex min-h-14 items-center gap-1 sm:min-h-0 sm:pb-5">
      <IconButton label={t("action.close")} className="-ms-3 hover:bg-raised sm:hidden" onPress={leave}>
        <X size={24} aria-hidden />
      </IconButton>
      <h1 className="min-w-0 flex-1 truncate text-base font-semibold sm:text-2xl">{title}</h1>
      {isSaved && (
        <p className="flex shrink-0 items-center gap-1.5 text-xs text-soft">
          <Check size={16} aria-hidden />
          {t("upload.draftSaved")}
        </p>
      )}
    </header>
  );
}
