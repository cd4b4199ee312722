import { useQuery } from "@tanstack/react-query";
import { Fingerprint, KeyRound, PencilLine, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { canUsePasskeys } from "#base/api/passkeys.ts";
import { emailQuery, factorsQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Passkey, User } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { joinFacts, Panel, Row } from "./panel.tsx";
import { NewPasskeySheet } from "./new-passkey-sheet.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { RenameSheet } from "./rename-sheet.tsx";

type Opened =
  | { readonly kind: "new" }
  | { readonly kind: "codes"; readonly codes: readonly string[] }
  | { readonly kind: "rename" | "remove"; readonly passkey: Passkey };

const changes = [keyOf("factors"), keyOf("alerts")];
/** The server's limit. */
const passkeysMax = 20;

/** The ways to log in to the account: its password and its passkeys. */
export function WaysPart({ me, onPassword }: { me: User; onPassword: () => void }) {
  const { t, i18n } = useTranslation();
  const { data: address } = useQuery(emailQuery);
  const query = useQuery(factorsQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const { run: remove } = useAction(
    async (id: number) => {
      await ask("auth.removePasskey", { path: { id } });
      showToast(t("security.passkeys.removed"));
    },
    { failure: "toast", changes },
  );
  const name = me.username;
  const { passkeys = [], totp = null, password: hasPassword = true } = query.data ?? {};
  const changedAt = query.data?.password_changed_at ?? null;
  return (
    <Panel title={t("security.ways")}>
      <div className="flex flex-col divide-y divide-line">
        {hasPassword && (
          <Row
            icon={<KeyRound size={20} aria-hidden />}
            title={t("settings.password")}
            text={joinFacts(
              t(address?.is_verified === true ? "security.password.nameOrEmail" : "security.password.name", { name }),
              changedAt !== null &&
                t("security.password.changed", { ago: formatAgo(Date.parse(changedAt), Date.now(), i18n.language) }),
            )}
            end={
              <Button aria-label={t("settings.password.change")} onPress={onPassword}>
                {t("security.password.change")}
              </Button>
            }
          />
        )}
        {passkeys.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} onOpen={(kind) => setOpened({ kind, passkey })} />
        ))}
        {query.isError && query.data === undefined ? (
          <LoadFailed query={query} />
        ) : (
          <AddRow count={passkeys.length} onPress={() => setOpened({ kind: "new" })} />
        )}
      </div>
      {opened?.kind === "new" && (
        <NewPasskeySheet
          onClose={close}
          onDone={(codes) => setOpened(codes.length > 0 ? { kind: "codes", codes } : null)}
        />
      )}
      {opened?.kind === "codes" && (
        <Sheet title={t("security.step.codes")} isOpen onClose={close} isDismissable={false}>
          <RecoveryCodes codes={opened.codes} onDone={close} />
        </Sheet>
      )}
      {opened?.kind === "rename" && (
        <RenameSheet
          title={t("security.passkeys.rename")}
          name={opened.passkey.name}
          changes={changes}
          rename={(newName) => ask("auth.renamePasskey", { path: { id: opened.passkey.id }, body: { name: newName } })}
          onClose={close}
        />
      )}
      {opened?.kind === "remove" && (
        <ConfirmSheet
          title={t("security.passkeys.remove.title", { name: opened.passkey.name })}
          text={t(
            passkeys.length === 1 && totp === null ? "security.passkeys.remove.last" : "security.passkeys.remove.text",
          )}
          action={t("security.passkeys.remove")}
          onConfirm={() => void remove(opened.passkey.id)}
          onClose={close}
        />
      )}
    </Panel>
  );
}

function PasskeyRow({ passkey, onOpen }: { passkey: Passkey; onOpen: (kind: "rename" | "remove") => void }) {
  const { t, i18n } = useTranslation();
  const { name, synced, passwordless, rp_id: host, used_at: usedAt } = passkey;
  const { hostname } = window.location;
  const isElsewhere = hostname !== host && !hostname.endsWith(`.${host}`);
  return (
    <Row
      icon={<Fingerprint size={20} aria-hidden />}
      title={<bdi className="max-w-full truncate">{name}</bdi>}
      text={joinFacts(
        t("security.passkeys.kind"),
        synced && t("security.passkeys.synced"),
        !passwordless && t("security.passkeys.secondOnly"),
        isElsewhere && t("security.passkeys.elsewhere", { host }),
        usedAt === null
          ? t("security.passkeys.unused")
          : t("security.passkeys.used", { when: formatAgo(Date.parse(usedAt), Date.now(), i18n.language) }),
      )}
      end={
        <MoreMenu
          label={t("security.passkeys.more", { name })}
          actions={[
            {
              id: "rename",
              text: t("security.passkeys.rename"),
              icon: <PencilLine size={18} aria-hidden />,
              run: () => onOpen("rename"),
            },
            {
              id: "remove",
              text: t("security.passkeys.remove"),
              icon: <Trash2 size={18} aria-hidden />,
              isDanger: true,
              run: () => onOpen("remove"),
            },
          ]}
        />
      }
    />
  );
}

/** Adds a passkey, or says why that is not possible here. */
function AddRow({ count, onPress }: { count: number; onPress: () => void }) {
  const { t } = useTranslation();
  const isSupported = window.PublicKeyCredential !== undefined;
  if (!canUsePasskeys)
    return (
      <p className="px-4 py-3 text-xs text-pretty text-soft">
        {t(isSupported ? "security.passkeys.numbered" : "security.passkeys.unsupported", {
          host: window.location.hostname,
        })}
      </p>
    );
  return (
    <BareButton
      onPress={onPress}
      isDisabled={count >= passkeysMax}
      className="flex min-h-11 w-full items-center gap-3.5 px-4 py-2 max-[22rem]:gap-2.5 max-[22rem]:px-3 text-start text-sm font-medium hover:bg-raised disabled:opacity-50"
    >
      <Plus size={20} aria-hidden className="shrink-0 text-soft" />
      <span className="flex-1">{t("security.passkeys.add")}</span>
      {count > 0 && <span className="text-xs font-normal text-soft">{t("security.passkeys.count", { count })}</span>}
    </BareButton>
  );
}
