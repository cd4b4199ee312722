import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { UserPayout } from "#base/api/types.ts";
import { formatAgo, formatDate, formatNumber } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { Problem, State } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Coins } from "#parts/wallet/coin.tsx";
import { PayoutBadge } from "#parts/wallet/payout-badge.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { Pages } from "../frame/pages.tsx";

const statuses = ["pending", "approved", "paid", "refused", "expired"] as const;
type Filter = UserPayout["status"] | "all";
const noteMax = 500;

const payoutsQuery = (status: Filter) =>
  infiniteQueryOptions({
    queryKey: keyOf("admin-payouts", status),
    queryFn: ({ pageParam, signal }) =>
      ask("live.payouts", { query: { cursor: pageParam, ...(status !== "all" && { status }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });

/** The payouts that users asked for, and the way to decide them. */
export function PayoutsPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("payouts.title")}>
      <Payouts />
    </AdminFrame>
  );
}

function Payouts() {
  const { t } = useTranslation();
  const [status, setStatus] = useState<Filter>("pending");
  const [deciding, setDeciding] = useState<{ payout: UserPayout; approve: boolean } | null>(null);
  const query = useInfiniteQuery(payoutsQuery(status));
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-xl text-soft">{t("payouts.text")}</p>
        <div className="w-44">
          <Select
            isCompact
            label={t("payouts.status")}
            value={status}
            onChange={setStatus}
            options={[
              { value: "all" as const, name: t("payouts.all") },
              ...statuses.map((value) => ({ value, name: t(`wallet.status.${value}`) })),
            ]}
          />
        </div>
      </div>
      <Pages
        query={query}
        none={<State isPart drawing={<ShelfDrawing />} title={t("payouts.none")} text={t("payouts.none.text")} />}
      >
        {(payout) => (
          <PayoutRow key={payout.id} payout={payout} onDecide={(approve) => setDeciding({ payout, approve })} />
        )}
      </Pages>
      {deciding !== null && <DecisionSheet {...deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}

function PayoutRow({ payout, onDecide }: { payout: UserPayout; onDecide: (approve: boolean) => void }) {
  const { t, i18n } = useTranslation();
  const { user, amount, status, note, requested_at } = payout;
  const requestedMs = Date.parse(requested_at);
  return (
    <li className="flex flex-wrap items-center gap-3 rounded-xl bg-surface p-4">
      <Avatar user={user ?? { id: payout.id, username: "?", nickname: "", avatar: "" }} size="comment" />
      <div className="min-w-40 flex-1 basis-60">
        <p className="truncate font-medium">
          {user === null ? (
            t("payouts.deleted")
          ) : (
            <Link to="/@{$username}" params={{ username: user.username }} className="hover:underline">
              <bdi>{user.nickname || user.username}</bdi>
            </Link>
          )}
        </p>
        <p className="text-sm text-soft wrap-anywhere">
          <time dateTime={requested_at} title={formatDate(requestedMs, i18n.language)}>
            {formatAgo(requestedMs, Date.now(), i18n.language)}
          </time>
          {note !== "" && ` · ${note}`}
        </p>
        <PayoutSources sources={payout.sources} />
      </div>
      <Coins amount={amount} className="text-base font-semibold" />
      {status === "pending" ? (
        <div className="flex gap-2">
          <Button onPress={() => onDecide(false)}>{t("payouts.refuse")}</Button>
          <Button look="inverse" onPress={() => onDecide(true)}>
            {t("payouts.approve")}
          </Button>
        </div>
      ) : (
        <PayoutBadge status={status} />
      )}
    </li>
  );
}

/** The sources of the earnings behind a payout, for the administrator who decides it. */
function PayoutSources({ sources }: Pick<UserPayout, "sources">) {
  const { t, i18n } = useTranslation();
  const formatAmount = (amount: number) => formatNumber(amount, i18n.language);
  const { oldest_giver_at, newest_giver_at } = sources;
  const ages = [
    ...new Set([oldest_giver_at, newest_giver_at].map((at) => at && formatDate(Date.parse(at), i18n.language))),
  ];
  const facts = [
    ["payouts.givers", formatAmount(sources.giver_count)],
    ["payouts.givers.age", ages.filter(Boolean).join(" – ") || "–"],
    ["payouts.givers.largest", formatAmount(sources.largest_giver)],
    ["payouts.givers.bought", formatAmount(sources.bought_coins)],
    ["payouts.givers.granted", formatAmount(sources.granted_coins)],
    ["payouts.free", formatAmount(sources.gift_earnings)],
  ] as const;
  return (
    <dl aria-label={t("payouts.sources")} className="mt-2 grid gap-x-6 gap-y-0.5 text-sm sm:grid-cols-2">
      {facts.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-3">
          <dt className="text-soft">{t(name)}</dt>
          <dd className="tabular text-end">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface DecisionSheetProps {
  payout: UserPayout;
  approve: boolean;
  onClose: () => void;
}

/** Approves or refuses a payout, with a note that its user reads. */
function DecisionSheet({ payout, approve, onClose }: DecisionSheetProps) {
  const { t, i18n } = useTranslation();
  const [note, setNote] = useState("");
  const about = {
    formatted: formatNumber(payout.amount, i18n.language),
    name: payout.user?.nickname || payout.user?.username || t("payouts.deleted"),
  };
  const {
    run: decide,
    isBusy,
    problem,
  } = useAction(
    async () => {
      await ask("live.decidePayout", { path: { id: payout.id }, body: { approve, note: note.trim() } });
      showToast(t(approve ? "payouts.approved" : "payouts.refused"));
      onClose();
    },
    { changes: [keyOf("admin-payouts")] },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void decide();
  };
  return (
    <Sheet title={t(approve ? "payouts.approve" : "payouts.refuse")} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-base font-semibold">{t(approve ? "payouts.approve.ask" : "payouts.refuse.title", about)}</p>
        {approve && <p className="text-soft">{t("payouts.approve.text")}</p>}
        <Field label={t("payouts.note")} value={note} onChange={setNote} charactersMax={noteMax} rows={2} />
        {problem !== null && <Problem>{problem}</Problem>}
        <div className="flex gap-3">
          <Button className="flex-1" onPress={onClose}>
            {t("action.cancel")}
          </Button>
          <Button look={approve ? "main" : "danger"} type="submit" className="flex-1" isBusy={isBusy}>
            {t(approve ? "payouts.approve" : "payouts.refuse")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
