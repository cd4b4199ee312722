import { useQuery } from "@tanstack/react-query";
import { Eye, EyeOff, PencilLine, Plus, Trash2, Wallet } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { factorsQuery, providersQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { LinkedWallet } from "#base/api/types.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { WalletSheet } from "#parts/wallets/wallet-sheet.tsx";
import { joinFacts, Panel, Row } from "./panel.tsx";
import { RenameSheet } from "./rename-sheet.tsx";

type Opened = { readonly kind: "link" } | { readonly kind: "rename" | "unlink"; readonly wallet: LinkedWallet };

const changes = [keyOf("factors"), keyOf("alerts")];

/** The wallets that log the viewer in; nothing where the site asks no chain and none is linked. */
export function WalletsPart() {
  const { t } = useTranslation();
  const { data: factors } = useQuery(factorsQuery);
  const { data: providers } = useQuery(providersQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const { run: unlink } = useAction(
    async (id: number) => {
      await ask("auth.unlinkWallet", { path: { id } });
      showToast(t("wallets.unlinked"));
    },
    { failure: "toast", changes },
  );
  const wallets = factors?.wallets ?? [];
  const chains = providers?.wallets ?? [];
  if (wallets.length === 0 && chains.length === 0) return null;
  return (
    <Panel title={t("wallets.title")}>
      {wallets.length === 0 && <p className="px-4 pt-4 text-sm text-pretty text-soft">{t("wallets.empty")}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {wallets.map((wallet) => (
          <li key={wallet.id}>
            <WalletRow
              wallet={wallet}
              chainName={chains.find(({ chain_id: id }) => id === wallet.chain_id)?.name}
              onOpen={(kind) => setOpened({ kind, wallet })}
            />
          </li>
        ))}
        {chains.length > 0 && (
          <li>
            <LinkRow count={wallets.length} onPress={() => setOpened({ kind: "link" })} />
          </li>
        )}
      </ul>
      {opened?.kind === "link" && (
        <WalletSheet
          title={t("wallets.link")}
          text={t("wallets.link.text")}
          chains={chains}
          changes={changes}
          onSigned={async (signed) => {
            await ask("auth.loginByWallet", { body: { ...signed, purpose: "link" } });
            showToast(t("wallets.linked"));
            close();
          }}
          onClose={close}
        />
      )}
      {opened?.kind === "rename" && (
        <RenameSheet
          title={t("wallets.rename")}
          name={opened.wallet.name}
          rename={(name) => ask("auth.changeWallet", { path: { id: opened.wallet.id }, body: { name } })}
          changes={changes}
          onClose={close}
        />
      )}
      {opened?.kind === "unlink" && (
        <ConfirmSheet
          title={t("wallets.unlink.title", { name: opened.wallet.name })}
          text={t("wallets.unlink.text")}
          action={t("wallets.unlink")}
          onConfirm={() => void unlink(opened.wallet.id)}
          onClose={close}
        />
      )}
    </Panel>
  );
}

function LinkRow({ count, onPress }: { count: number; onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <BareButton
      onPress={onPress}
      className="flex min-h-11 w-full items-center gap-3.5 px-4 py-2 text-start text-sm font-medium hover:bg-raised"
    >
      <Plus size={20} aria-hidden className="shrink-0 text-soft" />
      <span className="flex-1">{t("wallets.link")}</span>
      {count > 0 && <span className="text-xs font-normal text-soft">{t("wallets.count", { count })}</span>}
    </BareButton>
  );
}

interface WalletRowProps {
  wallet: LinkedWallet;
  /** The chain of a contract; undefined where the site no longer asks it. */
  chainName: string | undefined;
  onOpen: (kind: "rename" | "unlink") => void;
}

function WalletRow({ wallet, chainName, onOpen }: WalletRowProps) {
  const { t } = useTranslation();
  const { run: show } = useAction(
    async () => ask("auth.changeWallet", { path: { id: wallet.id }, body: { is_public: !wallet.is_public } }),
    { failure: "toast", changes },
  );
  const { name, address, namespace, kind, chain_id: chainId, is_public: isPublic } = wallet;
  const chain = chainName ?? t("wallets.chain", { id: chainId });
  const where =
    kind === "contract"
      ? t("wallets.contract", { chain })
      : t(namespace === "solana" ? "wallets.solana" : "wallets.key");
  return (
    <Row
      icon={<Wallet size={20} aria-hidden />}
      title={
        <bdi className="max-w-full truncate" title={address}>
          {name}
        </bdi>
      }
      text={joinFacts(where, t(isPublic ? "wallets.public" : "wallets.private"))}
      end={
        <MoreMenu
          label={t("wallets.more", { name })}
          actions={[
            {
              id: "rename",
              text: t("wallets.rename"),
              icon: <PencilLine size={18} aria-hidden />,
              run: () => onOpen("rename"),
            },
            {
              id: "show",
              text: t(isPublic ? "wallets.hide" : "wallets.show"),
              icon: isPublic ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />,
              run: () => void show(),
            },
            {
              id: "unlink",
              text: t("wallets.unlink"),
              icon: <Trash2 size={18} aria-hidden />,
              isDanger: true,
              run: () => onOpen("unlink"),
            },
          ]}
        />
      }
    />
  );
}
