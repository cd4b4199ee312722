import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Account } from "#base/api/types.ts";
import { formatDate } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { DecideSheet } from "../moderation/decide-sheet.tsx";

const GrantCoins = lazyPart(() => import("./grant-coins.tsx"), "GrantCoins", { texts: ["wallet"] });

const roles = ["user", "moderator", "admin"] as const;

/** The actions on one account, as far as the viewer's role allows them. */
export function AccountSheet({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [view, setView] = useState<"all" | "judge" | "delete" | "coins" | "sweep">("all");
  /** Chosen, and given with the button: keys pass the roles between. */
  const [role, setRole] = useState(account.role);
  const [link, setLink] = useState<Link | null>(null);
  const changes = useAccountChanges(onClose);
  const { problem, run } = changes;
  const { id, username } = account;
  const isPending = account.state === "pending";

  if (view === "judge")
    return (
      <DecideSheet
        title={username}
        acts={["warn", "mute", "suspend", "ban"]}
        onDecide={async (verdict) => {
          await ask("moderation.decide", { body: { kind: "user", id, ...verdict } });
          await changes.refresh();
        }}
        onClose={onClose}
      />
    );
  if (view === "delete") return <DeleteSheet {...{ account, changes, onClose }} onCancel={() => setView("all")} />;
  if (view === "sweep") return <SweepSheet {...{ account, changes, onClose }} onCancel={() => setView("all")} />;
  if (view === "coins") return <GrantCoins {...{ account, onClose }} onCancel={() => setView("all")} />;
  const isAdmin = me?.role === "admin";
  return (
    <Sheet title={username} isOpen onClose={onClose}>
      <div className="flex flex-col gap-3">
        {problem !== null && <Problem>{problem}</Problem>}
        {isPending && (
          <Button look="main" onPress={() => void run(() => ask("auth.admit", { path: { id }, body: {} }))}>
            {t("admin.admit")}
          </Button>
        )}
        {isAdmin && !isPending && <RoleForm {...{ account, run, role, setRole }} />}
        <Measures {...{ account, run }} />
        {!isPending && account.role !== "admin" && <Button onPress={() => setView("judge")}>{t("admin.act")}</Button>}
        {!isPending && account.role !== "admin" && <Sweep {...{ account, run }} onSweep={() => setView("sweep")} />}
        {isAdmin && !isPending && <Button onPress={() => setView("coins")}>{t("admin.coins")}</Button>}
        {isAdmin && !isPending && <ResetLink {...{ account, run, link, setLink }} />}
        {(isAdmin || isPending) && (
          <Button look="danger" onPress={() => setView("delete")}>
            {t(isPending ? "admin.reject" : "admin.delete")}
          </Button>
        )}
      </div>
    </Sheet>
  );
}

interface AccountChanges {
  /** The words for the last failure. */
  readonly problem: string | null;
  readonly run: (work: () => Promise<unknown>, isLast?: boolean) => Promise<void>;
  /** Asks for the accounts and their cases again. */
  readonly refresh: () => Promise<void>;
}

interface ChangeProps {
  account: Account;
  run: AccountChanges["run"];
}

/** Runs changes of an account. The last one closes the sheet; a failure is shown in it. */
function useAccountChanges(onClose: () => void): AccountChanges {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = () => invalidate(keyOf("accounts"), keyOf("moderation"));
  const run = async (work: () => Promise<unknown>, isLast = true) => {
    setProblem(null);
    try {
      await work();
      await refresh();
      if (isLast) {
        showToast(t("admin.saved"));
        onClose();
      }
    } catch (thrown) {
      setProblem(textOf(thrown));
    }
  };
  return { problem, run, refresh };
}

interface DeleteSheetProps {
  account: Account;
  changes: AccountChanges;
  onCancel: () => void;
  onClose: () => void;
}

/** Asks before an account is deleted, or one that waits is rejected. */
function DeleteSheet({ account: { id, username, email, state }, changes, onCancel, onClose }: DeleteSheetProps) {
  const { t } = useTranslation();
  const { problem, run } = changes;
  const isPending = state === "pending";
  const [message, setMessage] = useState("");
  const remove = () =>
    run(() =>
      isPending
        ? ask("auth.reject", { path: { id }, body: { message: message.trim() } })
        : ask("auth.removeAccount", { path: { id } }),
    );
  return (
    <Sheet title={t(isPending ? "admin.reject" : "admin.delete")} isOpen onClose={onClose}>
      <p className="text-base text-soft">
        {t(isPending ? "admin.reject.text" : "admin.delete.text", { name: username })}
      </p>
      {isPending && email === "" && <p className="mt-3 text-sm text-soft">{t("admin.reject.message.none")}</p>}
      {isPending && email !== "" && (
        <div className="mt-4">
          <Field
            label={t("admin.reject.message")}
            hint={t("admin.reject.message.hint", { email })}
            value={message}
            onChange={setMessage}
            charactersMax={1000}
            hasCount
            rows={4}
          />
        </div>
      )}
      {problem !== null && <Problem>{problem}</Problem>}
      <div className="mt-5 flex gap-3">
        <Button className="flex-1" onPress={onCancel} autoFocus>
          {t("action.cancel")}
        </Button>
        <Button look="danger" className="flex-1" onPress={() => void remove()}>
          {t(isPending ? "admin.reject" : "admin.delete")}
        </Button>
      </div>
    </Sheet>
  );
}

const standingQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("moderation", "standing", id),
    queryFn: ({ signal }) => ask("moderation.standing", { path: { id }, signal }),
    staleTime: 0,
  });

/** Takes back everything that the account did, or brings it back. */
function Sweep({ account: { id }, run, onSweep }: ChangeProps & { onSweep: () => void }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(standingQuery(id));
  if (data === undefined) return null;
  const { swept_at: sweptAt } = data;
  if (sweptAt == null)
    return (
      <Button look="danger" onPress={onSweep}>
        {t("admin.sweep")}
      </Button>
    );
  const day = formatDate(Date.parse(sweptAt), i18n.language);
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-sm text-pretty text-soft">{t("admin.sweep.since", { day })}</p>
      <Button onPress={() => void run(() => ask("moderation.undoSweep", { path: { id }, body: {} }))}>
        {t("admin.sweep.undo")}
      </Button>
    </div>
  );
}

/** Says what a sweep takes back, before it does. */
function SweepSheet({ account: { id, username }, changes, onCancel, onClose }: DeleteSheetProps) {
  const { t } = useTranslation();
  const { problem, run } = changes;
  const [note, setNote] = useState("");
  return (
    <Sheet title={t("admin.sweep")} isOpen onClose={onClose}>
      <p className="text-base text-pretty text-soft">{t("admin.sweep.text", { name: username })}</p>
      <div className="mt-4">
        <Field label={t("admin.sweep.note")} value={note} onChange={setNote} charactersMax={500} rows={2} />
      </div>
      {problem !== null && <Problem>{problem}</Problem>}
      <div className="mt-5 flex gap-3">
        <Button className="flex-1" onPress={onCancel} autoFocus>
          {t("action.cancel")}
        </Button>
        <Button
          look="danger"
          className="flex-1"
          onPress={() => void run(() => ask("moderation.sweep", { path: { id }, body: { note: note.trim() } }))}
        >
          {t("admin.sweep.do")}
        </Button>
      </div>
    </Sheet>
  );
}

type Role = Account["role"];

function RoleForm({ account, run, role, setRole }: ChangeProps & { role: Role; setRole: (role: Role) => void }) {
  const { t } = useTranslation();
  const { id } = account;
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (role !== account.role) void run(() => ask("auth.setRole", { path: { id }, body: { role } }));
      }}
    >
      <div className="min-w-0 flex-1">
        <Select
          label={t("admin.role")}
          value={role}
          onChange={setRole}
          options={roles.map((value) => ({ value, name: t(`admin.role.${value}`) }))}
        />
      </div>
      <Button type="submit" isDisabled={role === account.role}>
        {t("admin.role.set")}
      </Button>
    </form>
  );
}

/** The measures against an account that are in force, each with the way to lift it. */
function Measures({ account: { id }, run }: ChangeProps) {
  const { t, i18n } = useTranslation();
  const standing = useQuery(standingQuery(id));
  return (
    <>
      {standing.data?.list.map(({ kind, case_id, until }) => (
        <Button
          key={case_id}
          onPress={() => void run(() => ask("moderation.undo", { path: { id: case_id }, body: {} }))}
        >
          {t("admin.lift", { what: t(`admin.measure.${kind}`) })}
          {until !== null && ` ${t("outcome.until", { date: formatDate(Date.parse(until), i18n.language) })}`}
        </Button>
      ))}
    </>
  );
}

interface Link {
  url: string;
  until: string;
}
interface ResetLinkProps extends ChangeProps {
  link: Link | null;
  setLink: (link: Link) => void;
}

/** A link by which a user chooses a new password; shown once it is made. */
function ResetLink({ account: { id, username }, run, link, setLink }: ResetLinkProps) {
  const { t, i18n } = useTranslation();
  if (link === null)
    return (
      <Button
        onPress={() =>
          void run(async () => {
            const { token, expires_at } = await ask("auth.resetLink", { path: { id }, body: {} });
            setLink({
              url: `${location.origin}/reset#${token}`,
              until: formatDate(Date.parse(expires_at), i18n.language),
            });
          }, false)
        }
      >
        {t("admin.reset")}
      </Button>
    );
  return (
    <>
      <Field
        label={t("admin.reset")}
        hint={t("admin.reset.text", { name: username, date: link.until })}
        value={link.url}
        isReadOnly
      />
      <Button onPress={() => void copyText(link.url).then(() => showToast(t("admin.copied")))}>
        {t("admin.copy")}
      </Button>
    </>
  );
}
