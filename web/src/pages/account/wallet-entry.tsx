import { useQuery } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { logInWithWallet, type SignedWallet } from "#base/api/account.ts";
import { providersQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { User } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { WalletSheet } from "#parts/wallets/wallet-sheet.tsx";
import { solve } from "./work/sign-up-work.ts";

interface WalletEntryProps {
  /** The parts of a sign-up, for a wallet that nobody has. */
  given?: { invitation?: string; application?: string };
  isBusy: boolean;
  /** Logs in over the page that is open, instead of leaving for another one. */
  logIn?: (signed: SignedWallet) => Promise<User>;
  enterBy: (begin: () => Promise<User>) => void;
}

/** Logs in with a wallet; nothing where the site asks no chain. */
export function WalletEntry({ given, isBusy, logIn = logInWithWallet, enterBy }: WalletEntryProps) {
  const { t } = useTranslation();
  const { data } = useQuery(providersQuery);
  const [isOpen, setOpen] = useState(false);
  const chains = data?.wallets ?? [];
  if (chains.length === 0) return null;
  return (
    <>
      <Button className="min-h-12 flex-auto text-base" isDisabled={isBusy} onPress={() => setOpen(true)}>
        <Wallet size={20} aria-hidden />
        {t("wallets.logIn")}
      </Button>
      {isOpen && (
        <WalletSheet
          title={t("wallets.logIn.title")}
          text={t("wallets.logIn.text")}
          chains={chains}
          onSigned={(signed) => {
            setOpen(false);
            enterBy(async () => logIn({ ...given, ...signed, ...(await proofOfWork()) }));
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** The work that the site asks new accounts for: whether the wallet has one is not known before. */
async function proofOfWork() {
  const { puzzle, bits } = await ask("auth.work", {});
  return puzzle === null || bits === undefined ? {} : { work: await solve({ puzzle, bits }, () => undefined) };
}
