import { CloudUpload, Link2 } from "lucide-react";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatSize } from "../format/format.ts";
import { Failure } from "../api/failure.ts";
import { AddressSheet } from "../ui/address-sheet.tsx";
import { Button } from "../ui/button.tsx";
import { ChooseVideo } from "./choose-video.tsx";
import { addressOf } from "./draft.ts";

interface DropAreaProps {
  bytesMax: number;
  onFile: (file: File) => void;
  onAddress: (address: string) => void;
  /** Something to know before choosing. */
  note: string | null;
}

/** The one thing to do on an empty upload page. */
export function DropArea({ bytesMax, onFile, onAddress, note }: DropAreaProps) {
  const { t, i18n } = useTranslation();
  const [isOver, setOver] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const take = (text: string) => {
    const address = addressOf(text);
    if (address === null) throw new Failure(0, "upload.bad_url", "");
    onAddress(address);
  };
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  };
  return (
    <div
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`animate-rise flex min-h-[60dvh] flex-col items-center justify-center gap-3 rounded-2xl border-2 border-dashed px-6 py-10 text-center transition-colors ${isOver ? "border-accent-strong bg-raised" : "border-line bg-surface"}`}
    >
      <span
        className={`grid size-20 place-items-center rounded-full bg-raised text-accent-strong transition-transform duration-200 ${isOver ? "scale-110" : ""}`}
      >
        <CloudUpload size={36} strokeWidth={1.75} aria-hidden />
      </span>
      <p className="mt-2 text-xl font-semibold">{isOver ? t("upload.dropNow") : t("upload.drop")}</p>
      <p className="text-base text-soft">{t("upload.or")}</p>
      <div className="mt-2">
        <ChooseVideo look="main" onFile={onFile} />
      </div>
      <Button look="ghost" onPress={() => setAsking(true)}>
        <Link2 size={18} aria-hidden />
        {t("import.title")}
      </Button>
      {isAsking && (
        <AddressSheet
          hint={t("upload.address.hint")}
          done={t("upload.address.done")}
          lengthMax={2_000}
          onClose={() => setAsking(false)}
          onAddress={take}
        />
      )}
      <p className="mt-2 text-xs text-soft">
        {bytesMax > 0 ? t("upload.limit", { size: formatSize(bytesMax, i18n.language) }) : t("upload.limitless")}
      </p>
      {note !== null && <p className="mt-3 max-w-sm rounded-lg bg-raised px-4 py-3 text-sm">{note}</p>}
    </div>
  );
}
