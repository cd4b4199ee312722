import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { instanceQuery } from "#base/api/queries.ts";
import { useIsWide } from "#base/frame/frame.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { AllPublished } from "#parts/upload/all-published.tsx";
import { ChooseVideo } from "#parts/upload/choose-video.tsx";
import { cancelItems, type Picked } from "#parts/upload/queue/queue.ts";
import { UploadHeader } from "#parts/upload/upload-header.tsx";
import type { Upload } from "#parts/upload/upload.ts";
import { addAddress, addFiles, addShared, restoreUploads, useUploads } from "#parts/upload/upload-store.ts";
import { DetailsForm } from "./details-form.tsx";
import { DropArea } from "./drop-area.tsx";
import { FromAddress } from "./from-address.tsx";
import { PublishBar } from "./publish-bar.tsx";
import { UploadCard } from "./upload-card.tsx";
import { useDrop } from "./use-drop.ts";
import { type Publishing, usePublishing } from "./use-publication.ts";

/** The videos that are being uploaded and not published yet, each with its details. */
export function UploadQueue() {
  const { t } = useTranslation();
  const uploads = useUploads();
  const isWide = useIsWide();
  const instance = useQuery(instanceQuery);
  const [isRestored, setRestored] = useState(uploads.length > 0);
  const [chosenKey, select] = useState<string | null>(null);
  const [addedKey, setAdded] = useState<string | null>(null);
  useEffect(() => {
    const begin = async () => {
      if ((await addShared()) === "lost") showToast(t("upload.shareLost"));
      await restoreUploads();
      setRestored(true);
    };
    void begin();
  }, [t]);
  useOwnPage(uploads);
  const add = (files: Picked[]) =>
    void addFiles(files).then((key) => {
      setAdded(key);
      if (uploads.length === 0 && files.length === 1) select(key);
    });
  const fetchFrom = (address: string) => void addAddress(address).then(select);
  const { isOver, props } = useDrop(add);
  const open = uploads.filter(({ status }) => status !== "published");
  // A phone shows all cards first, and the details of the one that is tapped.
  const first = isWide || open.length === 1 ? open[0] : undefined;
  const selected = open.find(({ key }) => key === chosenKey) ?? first ?? null;
  const publishing = usePublishing(open, select);
  const isEmpty = uploads.length === 0;
  return (
    <div
      {...props}
      className="mx-auto flex min-h-[calc(100dvh-var(--top)-var(--bar))] max-w-5xl flex-col px-4 sm:px-6 sm:pt-8"
    >
      <UploadHeader title={uploads.length === 1 ? t("upload.details") : t("upload.title")} isSaved={open.length > 0} />
      {isRestored && isEmpty && (
        <DropArea
          bytesMax={instance.data === undefined ? null : (instance.data.upload_bytes_max ?? 0)}
          isOver={isOver}
          onFiles={add}
          onAddress={fetchFrom}
        />
      )}
      {!isEmpty && (
        <>
          <Cards {...{ uploads, selected, addedKey, select, publishing, isOver, isWide }}>
            <div className="flex flex-wrap items-center gap-2">
              <ChooseVideo isMultiple text={t("upload.add")} icon={<Plus size={18} aria-hidden />} onFiles={add} />
              <FromAddress onAddress={fetchFrom} />
            </div>
          </Cards>
          {open.length > 0 && <PublishBar upload={selected} count={open.length} publishing={publishing} />}
        </>
      )}
    </div>
  );
}

/** A video that was alone in the queue gets a page of its own once it is published, whose address can be kept. */
function useOwnPage(uploads: readonly Upload[]): void {
  const navigate = useNavigate();
  const [only] = uploads;
  const videoId = uploads.length === 1 ? (only?.videoId ?? null) : null;
  const key = only?.key;
  useEffect(() => {
    if (videoId === null || key === undefined) return;
    void navigate({ to: "/upload", search: { video: videoId }, replace: true });
    cancelItems([key]);
  }, [videoId, key, navigate]);
}

interface CardsProps {
  uploads: readonly Upload[];
  selected: Upload | null;
  addedKey: string | null;
  select: (key: string | null) => void;
  publishing: Publishing;
  isOver: boolean;
  isWide: boolean;
  children: React.ReactNode;
}

/** The cards beside the details of one of them; on a phone its details are under its card. */
function Cards({ uploads, selected, addedKey, select, publishing, isOver, isWide, children }: CardsProps) {
  const { t } = useTranslation();
  const form = selected !== null && (
    <DetailsForm
      key={selected.key}
      upload={selected}
      missing={publishing.missing(selected)}
      onSubmit={publishing.one}
    />
  );
  return (
    <div className="grid flex-1 items-start gap-6 pb-6 sm:grid-cols-[minmax(13rem,20rem)_minmax(0,1fr)]">
      <div
        className={`flex min-w-0 flex-col gap-3 sm:sticky sm:top-[calc(var(--top)+1.5rem)] ${isOver ? "rounded-xl outline-2 outline-offset-4 outline-accent-strong outline-dashed" : ""}`}
      >
        <ul aria-label={t("upload.list")} className="flex flex-col gap-2">
          {uploads.map((upload) => (
            <li key={upload.key} className="flex flex-col gap-4">
              <UploadCard
                upload={upload}
                isSelected={upload.key === selected?.key}
                isAlone={uploads.length === 1}
                isAdded={upload.key === addedKey}
                isFileMissing={publishing.missing(upload).includes("file")}
                onSelect={() => select(!isWide && upload.key === selected?.key ? null : upload.key)}
              />
              {!isWide && upload.key === selected?.key && form}
            </li>
          ))}
        </ul>
        {children}
      </div>
      {isWide && form}
      {uploads.every(({ status }) => status === "published") && <AllPublished uploads={uploads} />}
    </div>
  );
}
