import { useTranslation } from "react-i18next";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { AddressSheet } from "#base/ui/sheets/address-sheet.tsx";
import { importsQuery } from "./imports.ts";

interface ImportSheetProps {
  folderId: number | null;
  onClose: () => void;
}

/** Asks for the address of a file that the server is to fetch into a folder. */
export function ImportSheet({ folderId, onClose }: ImportSheetProps) {
  const { t } = useTranslation();
  const begin = async (url: string) => {
    const body = { url, purpose: "drive" as const, ...(folderId !== null && { folder_id: folderId }) };
    await ask("upload.importUrl", { body });
    await invalidate(importsQuery.queryKey);
    onClose();
  };
  return (
    <AddressSheet
      hint={t("import.hint")}
      done={t("import.begin")}
      lengthMax={4_096}
      onClose={onClose}
      onAddress={begin}
    />
  );
}
