import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { WalletChoice, type WalletChoiceProps } from "./wallet-choice.tsx";

interface WalletSheetProps extends WalletChoiceProps {
  title: string;
  text: string;
  onClose: () => void;
}

/** Asks for one of the wallets of this browser. */
export function WalletSheet({ title, text, onClose, ...choice }: WalletSheetProps) {
  return (
    <Sheet title={title} isOpen onClose={onClose}>
      <p className="mb-4 text-base text-pretty text-soft">{text}</p>
      <WalletChoice {...choice} />
    </Sheet>
  );
}
