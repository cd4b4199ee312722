import { useTranslation } from "react-i18next";
import { Button } from "../buttons/button.tsx";
import { Sheet } from "./sheet.tsx";

interface ConfirmSheetProps {
  title: string;
  text: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before what cannot be taken back. */
export function ConfirmSheet({ title, text, action, onConfirm, onClose }: ConfirmSheetProps) {
  const { t } = useTranslation();
  return (
    <Sheet title={title} isOpen onClose={onClose}>
      <p className="text-base text-soft">{text}</p>
      <div className="mt-5 flex flex-wrap gap-3">
        <Button className="flex-1" onPress={onClose} autoFocus>
          {t("action.cancel")}
        </Button>
        <Button
          look="danger"
          className="flex-1"
          onPress={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </Button>
      </div>
    </Sheet>
  );
}
