import { Link2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "#base/api/request/failure.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { AddressSheet } from "#base/ui/sheets/address-sheet.tsx";
import { addressOf } from "#parts/upload/draft.ts";

/** The way to a video that the server fetches from an address. */
export function FromAddress({ onAddress }: { onAddress: (address: string) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const take = (text: string) => {
    const address = addressOf(text);
    if (address === null) throw new Failure(0, "upload.bad_url", "");
    onAddress(address);
  };
  return (
    <>
      <Button look="ghost" onPress={() => setOpen(true)}>
        <Link2 size={18} aria-hidden />
        {t("import.title")}
      </Button>
      {isOpen && (
        <AddressSheet
          hint={t("upload.address.hint")}
          done={t("upload.address.done")}
          lengthMax={2_000}
          onClose={() => setOpen(false)}
          onAddress={take}
        />
      )}
    </>
  );
}
