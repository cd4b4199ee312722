import { useQuery } from "@tanstack/react-query";
import { PencilLine, Plus, SquareTerminal, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { tokensQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { PersonalToken, User } from "#base/api/types.ts";
import { formatAgo, formatShortDay } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { NewTokenSheet } from "./new-token-sheet.tsx";
import { joinFacts, Panel, Row, RowsSkeleton } from "./panel.tsx";
import { RenameSheet } from "./rename-sheet.tsx";
import { ownScopes } from "./token-scopes.ts";

type Opened = { readonly kind: "new" } | { readonly kind: "rename" | "end"; readonly token: PersonalToken };

/** The viewer's access tokens. */
export function TokensPart({ me }: { me: User }) {
  const { t } = useTranslation();
  const query = useQuery(tokensQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const { run: end } = useAction(
    async (id: string) => {
      await ask("auth.endToken", { path: { id } });
      showToast(t("security.tokens.ended"));
    },
    { failure: "toast", changes: [keyOf("tokens"), keyOf("sessions")] },
  );
  return (
    <Panel
      title={t("security.tokens")}
      end={
        <Button look="ghost" className="-me-3.5" onPress={() => setOpened({ kind: "new" })}>
          <Plus size={18} aria-hidden />
          {t("security.tokens.new")}
        </Button>
      }
    >
      {query.isError && query.data === undefined ? (
        <LoadFailed query={query} />
      ) : query.data === undefined ? (
        <RowsSkeleton rows={1} />
      ) : query.data.list.length === 0 ? (
        <p className="px-4 py-4 text-sm text-pretty text-soft">{t("security.tokens.none")}</p>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {query.data.list.map((token) => (
            <li key={token.id}>
              <TokenRow token={token} onOpen={(kind) => setOpened({ kind, token })} />
            </li>
          ))}
        </ul>
      )}
      {opened?.kind === "new" && <NewTokenSheet role={me.role} onClose={close} />}
      {opened?.kind === "rename" && (
        <RenameSheet
          title={t("security.tokens.rename")}
          name={opened.token.name}
          changes={[keyOf("tokens")]}
          rename={(name) => ask("auth.renameToken", { path: { id: opened.token.id }, body: { name } })}
          onClose={close}
        />
      )}
      {opened?.kind === "end" && (
        <ConfirmSheet
          title={t("security.tokens.end.title", { name: opened.token.name })}
          text={t("security.tokens.end.text")}
          action={t("security.tokens.end")}
          onConfirm={() => void end(opened.token.id)}
          onClose={close}
        />
      )}
    </Panel>
  );
}

function TokenRow({ token, onOpen }: { token: PersonalToken; onOpen: (kind: "rename" | "end") => void }) {
  const { t, i18n } = useTranslation();
  const { name, prefix, scopes, used_at: usedAt, expires_at: endsAt } = token;
  const nowMs = Date.now();
  const scopeNames = ownScopes(scopes).map((scope) => t(`security.scope.${scope}`));
  return (
    <Row
      icon={<SquareTerminal size={20} aria-hidden />}
      title={
        <>
          <bdi className="max-w-full truncate">{name}</bdi>
          <bdi className="font-mono text-xs font-normal text-soft">{prefix}…</bdi>
        </>
      }
      text={
        <>
          <p title={scopeNames.join(t("security.comma"))}>{shortList(scopeNames, t("security.comma"))}</p>
          {joinFacts(
            usedAt === null
              ? t("security.tokens.unused")
              : t("security.tokens.used", { when: formatAgo(Date.parse(usedAt), nowMs, i18n.language) }),
            endsAt === null
              ? t("security.tokens.endless")
              : t("security.tokens.until", { day: formatShortDay(Date.parse(endsAt), nowMs, i18n.language) }),
          )}
        </>
      }
      end={
        <MoreMenu
          label={t("security.tokens.more", { name })}
          actions={[
            {
              id: "rename",
              text: t("security.tokens.rename"),
              icon: <PencilLine size={18} aria-hidden />,
              run: () => onOpen("rename"),
            },
            {
              id: "end",
              text: t("security.tokens.end"),
              icon: <Trash2 size={18} aria-hidden />,
              isDanger: true,
              run: () => onOpen("end"),
            },
          ]}
        />
      }
    />
  );
}

/** The first two of these names, and how many more there are. */
function shortList(names: readonly string[], comma: string): string {
  const moreCount = names.length - 2;
  return names.slice(0, 2).join(comma) + (moreCount > 0 ? ` +${moreCount}` : "");
}
