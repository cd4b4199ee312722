import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { instanceQuery, useMe } from "../api/queries.ts";
import { useTitle } from "../shell/use-title.ts";
import { LinkButton } from "../ui/button.tsx";
import { ScreenDrawing } from "../ui/illustrations.tsx";
import { State } from "../ui/states.tsx";
import { DetailsForm } from "./details-form.tsx";
import { DropArea } from "./drop-area.tsx";
import { FileCard } from "./file-card.tsx";
import { ProcessingCard } from "./processing-card.tsx";
import { forgetPublished, startUpload, takeAddress, useUpload } from "./upload-store.ts";

export function UploadPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { video } = useSearch({ from: "/upload" });
  const upload = useUpload();
  const navigate = useNavigate();
  const instance = useQuery(instanceQuery);
  const bytesMax = instance.data?.upload_bytes_max ?? 0;
  useTitle(t("upload.title"));

  useEffect(() => {
    if (upload.publishedId === null) return;
    forgetPublished();
    void navigate({ to: "/upload", search: { video: upload.publishedId }, replace: true });
  }, [upload.publishedId, navigate]);

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
  if (video !== undefined) return <ProcessingCard key={video} videoId={video} />;
  const hasText = upload.draft.title !== "" || upload.draft.description !== "";
  const choose = (file: File) => void startUpload(file, bytesMax);
  return (
    <div className="mx-auto max-w-5xl px-4 py-4 sm:px-8 sm:py-10">
      <h1 className="mb-5 text-2xl font-semibold">{t("upload.title")}</h1>
      {upload.step === "none" ? (
        <DropArea
          bytesMax={bytesMax}
          onFile={choose}
          onAddress={takeAddress}
          note={hasText ? t("upload.draft") : null}
        />
      ) : (
        <div className="animate-rise grid items-start gap-6 md:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="md:order-2 md:sticky md:top-6">
            <FileCard upload={upload} bytesMax={bytesMax} onFile={choose} />
          </div>
          <DetailsForm upload={upload} />
        </div>
      )}
    </div>
  );
}
