import { Link2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../api/failure.ts";
import { AddressSheet } from "../ui/address-sheet.tsx";
import { Button } from "../ui/button.tsx";
import { addressOf } from "./draft.ts";

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
