import { useQuery } from "@tanstack/react-query";
import { Globe, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { takeArrival } from "#base/api/providers.ts";
import { factorsQuery, providersQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { LinkedProvider } from "#base/api/types.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Panel, Row } from "./panel.tsx";

const changes = [keyOf("factors"), keyOf("alerts")];

/** The accounts at providers that log the viewer in; nothing where the site has no provider and none is linked. */
export function ProvidersPart() {
  const { t } = useTranslation();
  const text = useErrorText();
  const { data: factors } = useQuery(factorsQuery);
  const { data: ways } = useQuery(providersQuery);
  const [arrival] = useState(takeArrival);
  const [unlinking, setUnlinking] = useState<LinkedProvider | null>(null);
  const { run: unlink } = useAction(
    async (id: string) => {
      await ask("auth.unlinkProvider", { path: { id } });
      showToast(t("providers.unlinked"));
    },
    { failure: "toast", changes },
  );
  const { run: link, isBusy } = useAction(
    async (id: string) => {
      const { url } = await ask("auth.linkProvider", { path: { id }, body: {} });
      window.location.assign(url);
    },
    { failure: "toast" },
  );
  const linked = factors?.providers ?? [];
  const offers = (ways?.list ?? []).filter(({ id }) => linked.every((provider) => provider.id !== id));
  if (factors === undefined || linked.length + offers.length === 0) return null;
  return (
    <Panel title={t("providers.title")}>
      {arrival !== null && (
        <div className="px-4 pt-4">
          <Problem>{text(arrival.failure)}</Problem>
        </div>
      )}
      {linked.length === 0 && <p className="px-4 pt-4 text-sm text-pretty text-soft">{t("providers.empty")}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {linked.map((provider) => (
          <li key={provider.id}>
            <ProviderRow provider={provider} onUnlink={() => setUnlinking(provider)} />
          </li>
        ))}
        {offers.map(({ id, name }) => (
          <li key={id}>
            <BareButton
              onPress={() => void link(id)}
              isDisabled={isBusy}
              className="flex min-h-11 w-full items-center gap-3.5 px-4 py-2 text-start text-sm font-medium hover:bg-raised"
            >
              <Plus size={20} aria-hidden className="shrink-0 text-soft" />
              <span className="min-w-0 flex-1 truncate">{t("providers.link", { name })}</span>
            </BareButton>
          </li>
        ))}
      </ul>
      {unlinking !== null && (
        <ConfirmSheet
          title={t("providers.unlink.title", { name: unlinking.name })}
          text={t("providers.unlink.text")}
          action={t("providers.unlink")}
          onConfirm={() => void unlink(unlinking.id)}
          onClose={() => setUnlinking(null)}
        />
      )}
    </Panel>
  );
}

function ProviderRow({ provider, onUnlink }: { provider: LinkedProvider; onUnlink: () => void }) {
  const { t } = useTranslation();
  const { name, subject_hint: hint } = provider;
  return (
    <Row
      icon={<Globe size={20} aria-hidden />}
      title={<bdi className="max-w-full truncate">{name}</bdi>}
      text={<span className="block truncate">{t("providers.hint", { name: hint })}</span>}
      end={
        <MoreMenu
          label={t("providers.more", { name })}
          actions={[
            {
              id: "unlink",
              text: t("providers.unlink"),
              icon: <Trash2 size={18} aria-hidden />,
              isDanger: true,
              run: onUnlink,
            },
          ]}
        />
      }
    />
  );
}
