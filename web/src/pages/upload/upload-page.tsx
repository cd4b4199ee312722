import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ScreenDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { ProcessingCard } from "./processing-card.tsx";
import { UploadQueue } from "./upload-queue.tsx";

export function UploadPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { video } = useSearch({ from: "/upload" });
  useTitle(t("upload.title"));
  if (me === null) {
    return (
      <State drawing={<ScreenDrawing />} title={t("upload.login.title")} text={t("upload.login.text")}>
        <LinkButton to="/login" search={{ next: "/upload" }}>
          {t("nav.login")}
        </LinkButton>
        <LinkButton look="main" to="/signup" search={{ next: "/upload" }}>
          {t("nav.signup")}
        </LinkButton>
      </State>
    );
  }
  return video === undefined ? <UploadQueue /> : <ProcessingCard key={video} videoId={video} />;
}
