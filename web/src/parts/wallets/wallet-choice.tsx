import type { QueryKey } from "@tanstack/react-query";
import { Wallet as WalletIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { type Chain, namespaceOf, type SignedChallenge, signChallenge } from "#base/wallets/sign-challenge.ts";
import { useWallets } from "#base/wallets/use-wallets.ts";
import { type Wallet, WalletRefused } from "#base/wallets/wallet.ts";

export interface WalletChoiceProps {
  chains: readonly Chain[];
  /** Queries that are asked again afterwards. */
  changes?: readonly QueryKey[];
  onSigned: (signed: SignedChallenge) => unknown;
}

/** Lists the wallets of this browser, and lets one of them prove itself. */
export function WalletChoice({ chains, changes = [], onSigned }: WalletChoiceProps) {
  const { t } = useTranslation();
  const wallets = useWallets([...new Set(chains.map(namespaceOf))]);
  const errorText = useErrorText();
  const { run, input, problem } = useAction(async (wallet: Wallet) => onSigned(await signChallenge(wallet, chains)), {
    changes,
    textOf: (thrown) => (thrown instanceof WalletRefused ? t("wallets.refused") : errorText(thrown)),
  });
  const askedId = input?.[0].id;
  return (
    <>
      {wallets.length === 0 ? (
        <p className="rounded-xl bg-raised px-4 py-4 text-sm text-pretty">{t("wallets.none")}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {wallets.map((wallet) => (
            <li key={wallet.id}>
              <Button
                className="min-h-12 w-full justify-start text-base"
                isBusy={askedId === wallet.id}
                isDisabled={askedId !== undefined}
                onPress={() => void run(wallet)}
              >
                {wallet.icon === null ? (
                  <WalletIcon size={24} aria-hidden />
                ) : (
                  <img src={wallet.icon} alt="" width={24} height={24} className="rounded" />
                )}
                <bdi className="min-w-0 truncate">{wallet.name}</bdi>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {askedId !== undefined && (
        <p role="status" className="mt-3 text-sm text-soft">
          {t("wallets.waiting")}
        </p>
      )}
      {problem !== null && (
        <div className="mt-3">
          <Problem>{problem}</Problem>
        </div>
      )}
    </>
  );
}
