import { CloudUpload } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { readDropped } from "#parts/upload/transfer/dropped.ts";
import { enqueue } from "./uploads.ts";

/** Takes files and folders that are dropped anywhere on the page. */
export function DropZone({ folderId, children }: { folderId: number | null; children: ReactNode }) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      setOver(false);
      void readDropped(event.dataTransfer.items).then((content) => enqueue(content, folderId));
    };
    window.addEventListener("dragenter", over);
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", over);
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [folderId]);
  return (
    <div className="relative flex grow flex-col">
      {children}
      {isOver && (
        <div className="pointer-events-none fixed inset-0 start-(--side) z-30 grid place-items-center border-4 border-dashed border-accent-strong bg-page/80">
          <p className="flex items-center gap-3 rounded-full bg-raised px-6 py-3 text-base font-semibold">
            <CloudUpload size={24} aria-hidden />
            {t("drive.dropNow")}
          </p>
        </div>
      )}
    </div>
  );
}
