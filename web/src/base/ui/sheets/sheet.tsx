import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTranslation } from "react-i18next";
import { IconButton } from "../buttons/button.tsx";

interface SheetProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  /** False where a press beside it must not close it. */
  isDismissable?: boolean;
}

/** A sheet from the bottom on a phone, a card in the middle on wider screens. */
export function Sheet({ title, isOpen, onClose, children, wide = false, isDismissable = true }: SheetProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable={isDismissable}
      className="fixed inset-0 z-50 flex items-end justify-center bg-black/60 transition-opacity duration-200 data-[entering]:opacity-0 data-[exiting]:opacity-0 sm:items-center sm:p-6"
    >
      <Modal
        className={`w-full ${wide ? "sm:max-w-xl" : "sm:max-w-sm"} max-h-[90dvh] overflow-y-auto overscroll-contain rounded-t-2xl bg-surface text-ink shadow-2xl transition-transform duration-200 ease-out data-[entering]:translate-y-8 data-[exiting]:translate-y-8 sm:rounded-2xl`}
      >
        <Dialog className="safe-bottom outline-none">
          <header className="sticky top-0 z-10 flex items-center gap-2 bg-surface py-2 pe-2 ps-5">
            <Heading slot="title" className="min-w-0 flex-1 text-base font-semibold">
              {title}
            </Heading>
            <IconButton label={t("action.close")} onPress={onClose}>
              <X size={20} aria-hidden />
            </IconButton>
          </header>
          <div className="px-5 pb-5">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
