import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Account } from "#base/api/types.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { Pages } from "../frame/pages.tsx";
import { AccountSheet } from "./account-sheet.tsx";

const roles = ["user", "moderator", "admin"] as const;
const states = ["active", "pending", "suspended", "banned"] as const;

export const accountsQuery = (q: string, role: Account["role"] | "all", state: Account["state"] | "all") =>
  infiniteQueryOptions({
    queryKey: keyOf("accounts", q, role, state),
    queryFn: ({ pageParam, signal }) =>
      ask("auth.accounts", {
        query: {
          cursor: pageParam,
          ...(q !== "" && { q }),
          ...(role !== "all" && { role }),
          ...(state !== "all" && { state }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });

/** Everybody who has an account, and what can be done about them. */
export function AccountsPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.accounts")} forModerators>
      <Accounts />
    </AdminFrame>
  );
}

function Accounts() {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const [role, setRole] = useState<Account["role"] | "all">("all");
  const [state, setState] = useState<Account["state"] | "all">("all");
  const [chosen, setChosen] = useState<Account | null>(null);
  const query = useInfiniteQuery(accountsQuery(useDeferredValue(q.trim()), role, state));
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-3 *:first:col-span-2 lg:grid-cols-[minmax(0,1fr)_11rem_11rem] lg:*:first:col-span-1">
        <Field label={t("admin.search")} value={q} onChange={setQ} maxLength={100} />
        <Select
          label={t("admin.role")}
          value={role}
          onChange={setRole}
          options={[
            { value: "all" as const, name: t("admin.role.all") },
            ...roles.map((value) => ({ value, name: t(`admin.role.${value}`) })),
          ]}
        />
        <Select
          label={t("admin.state")}
          value={state}
          onChange={setState}
          options={[
            { value: "all" as const, name: t("admin.state.all") },
            ...states.map((value) => ({ value, name: t(`admin.state.${value}`) })),
          ]}
        />
      </div>
      <Pages
        query={query}
        none={
          <State
            isPart
            drawing={<ShelfDrawing />}
            title={t("admin.accounts.none")}
            text={t("admin.accounts.none.text")}
          />
        }
      >
        {(account) => <AccountRow key={account.id} account={account} onManage={() => setChosen(account)} />}
      </Pages>
      {chosen !== null && <AccountSheet account={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

function AccountRow({ account, onManage }: { account: Account; onManage: () => void }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const ago = (at: string) => formatAgo(Date.parse(at), Date.now(), i18n.language);
  const until = account.state_until === null ? null : formatDate(Date.parse(account.state_until), i18n.language);
  return (
    <li className="flex flex-wrap items-center gap-3 rounded-xl bg-surface p-4">
      <Avatar user={account} size="comment" />
      <div className="min-w-44 flex-1">
        <p className="font-medium break-words">
          <Link to="/@{$username}" params={{ username: account.username }} className="hover:underline">
            <bdi>{account.nickname || account.username}</bdi>
          </Link>
          {account.nickname !== "" && account.nickname !== account.username && (
            <span className="ms-2 text-sm font-normal text-soft">@{account.username}</span>
          )}
          {account.role !== "user" && <Badge>{t(`admin.role.${account.role}`)}</Badge>}
          {account.state !== "active" && <Badge>{t(`admin.state.${account.state}`)}</Badge>}
        </p>
        <p className="text-sm break-words text-soft">
          {account.email !== "" && `${account.email} · `}
          {t("admin.joined", { date: ago(account.created_at) })}
          {account.used_at !== null && ` · ${t("admin.used", { date: ago(account.used_at) })}`}
          {until !== null && ` · ${t("outcome.until", { date: until })}`}
        </p>
        {account.application !== "" && (
          <p className="mt-1 text-sm break-words">{t("admin.application", { text: account.application })}</p>
        )}
        {account.state_reason !== "" && <p className="mt-1 text-sm break-words">{account.state_reason}</p>}
      </div>
      {me?.id !== account.id && (
        <Button onPress={onManage} aria-label={`${t("admin.manage")}: ${account.username}`}>
          {t("admin.manage")}
        </Button>
      )}
    </li>
  );
}

function Badge({ children }: { children: string }) {
  return <span className="ms-2 rounded-full bg-raised px-2.5 py-0.5 text-xs font-medium">{children}</span>;
}
