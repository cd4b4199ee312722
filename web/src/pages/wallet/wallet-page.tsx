import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Wallet as WalletIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StatementEntry, Wallet } from "#base/api/types.ts";
import { formatAgo, formatDate, formatNumber } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { OwnPage } from "#base/ui/states/own-page.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { CoinDrawing, Coins } from "#parts/wallet/coin.tsx";
import { PayoutBadge } from "#parts/wallet/payout-badge.tsx";
import { payoutsQuery, statementQuery, walletQuery } from "#parts/wallet/queries.ts";
import { PayoutSheet } from "./payout-sheet.tsx";
import { useStatementText } from "./statement-text.ts";

/** The coins of the viewer: what they have, what they earned, and every move. */
export function WalletPage() {
  const { t } = useTranslation();
  useTitle(t("wallet.title"));
  return (
    <OwnPage title={t("wallet.title")} next="/me/wallet" why={t("wallet.why")}>
      {() => (
        <div className="flex max-w-3xl flex-col gap-6">
          <Balances />
          <Payouts />
          <Statement />
        </div>
      )}
    </OwnPage>
  );
}

function Balances() {
  const { t, i18n } = useTranslation();
  const query = useQuery({ ...walletQuery, staleTime: 0 });
  const [isAsking, setAsking] = useState(false);
  if (query.isError && query.data === undefined) return <LoadFailed query={query} />;
  if (query.data === undefined) return <Skeleton className="h-36 rounded-2xl!" />;
  const wallet: Wallet = query.data;
  const formatAmount = (amount: number) => formatNumber(amount, i18n.language);
  return (
    <div className="grid gap-3 sm:auto-cols-fr sm:grid-flow-col">
      <Amount title={t("wallet.balance")} text={t("wallet.balance.text")} amount={wallet.balance}>
        {wallet.gift_balance > 0 && t("wallet.giftPart", { formatted: formatAmount(wallet.gift_balance) })}
      </Amount>
      <Amount
        title={t("wallet.earnings")}
        text={t("wallet.earnings.text")}
        amount={wallet.earnings}
        action={
          wallet.earnings > 0 && (
            <Button look="inverse" className="mt-4" onPress={() => setAsking(true)}>
              {t("wallet.payout")}
            </Button>
          )
        }
      >
        {wallet.pending_payouts > 0 && t("wallet.pending", { formatted: formatAmount(wallet.pending_payouts) })}
      </Amount>
      {wallet.gift_earnings > 0 && (
        <Amount title={t("wallet.giftEarnings")} text={t("wallet.giftEarnings.text")} amount={wallet.gift_earnings} />
      )}
      {isAsking && <PayoutSheet earnings={wallet.earnings} onClose={() => setAsking(false)} />}
    </div>
  );
}

interface AmountProps {
  title: string;
  text: string;
  amount: number;
  /** In place of the text. */
  children?: ReactNode;
  action?: ReactNode;
}

function Amount({ title, text, amount, children, action }: AmountProps) {
  const { i18n } = useTranslation();
  return (
    <section className="rounded-2xl bg-surface p-5">
      <h2 className="font-medium text-soft">{title}</h2>
      <p className="tabular mt-1 flex items-center gap-2 text-2xl font-semibold">
        <CoinDrawing className="size-6" />
        {formatNumber(amount, i18n.language)}
      </p>
      <p className="mt-1 text-sm text-soft">{children || text}</p>
      {action}
    </section>
  );
}

function Payouts() {
  const { t, i18n } = useTranslation();
  const query = useInfiniteQuery(payoutsQuery);
  const rows = query.data?.pages.flatMap(({ list }) => list) ?? [];
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="payouts">
      <h2 id="payouts" className="mb-2 text-base font-semibold">
        {t("wallet.payouts")}
      </h2>
      <ul className="divide-y divide-line overflow-hidden rounded-2xl bg-surface">
        {rows.map(({ id, amount, status, note, requested_at }) => (
          <li key={id} className="flex min-h-14 items-center gap-3 px-4 py-2.5">
            <div className="min-w-0 flex-1">
              <Coins amount={amount} className="font-semibold" />
              <p className="text-xs text-soft wrap-anywhere">
                {formatDate(Date.parse(requested_at), i18n.language)}
                {note !== "" && ` · ${note}`}
              </p>
            </div>
            <PayoutBadge status={status} />
          </li>
        ))}
      </ul>
      <LoadMore query={query} className="mt-3" />
    </section>
  );
}

function Statement() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(statementQuery);
  const rows = query.data?.pages.flatMap(({ list }) => list);
  return (
    <section aria-labelledby="statement">
      <h2 id="statement" className="mb-2 text-base font-semibold">
        {t("wallet.statement")}
      </h2>
      {query.isError && rows === undefined && <LoadFailed query={query} />}
      {query.isPending && <Skeleton className="h-60 rounded-2xl!" />}
      {rows?.length === 0 && (
        <div className="flex flex-col items-center gap-2 rounded-2xl bg-surface py-12 text-soft">
          <WalletIcon size={28} aria-hidden />
          {t("wallet.statement.none")}
        </div>
      )}
      {rows !== undefined && rows.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-2xl bg-surface">
          {rows.map((entry) => (
            <EntryRow key={`${entry.id} ${entry.account}`} entry={entry} />
          ))}
        </ul>
      )}
      <LoadMore query={query} className="mt-3" />
    </section>
  );
}

function EntryRow({ entry }: { entry: StatementEntry }) {
  const { t, i18n } = useTranslation();
  const textOf = useStatementText();
  const atMs = Date.parse(entry.at);
  const amount = formatNumber(Math.abs(entry.amount), i18n.language);
  return (
    <li className="flex min-h-15 items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">{textOf(entry)}</p>
        <p className="text-xs text-soft">
          <time dateTime={entry.at} title={formatDate(atMs, i18n.language)}>
            {formatAgo(atMs, Date.now(), i18n.language)}
          </time>{" "}
          · {t(`wallet.account.${entry.account}`)}
        </p>
      </div>
      <div className="text-end">
        <p className={classNames("tabular font-semibold whitespace-nowrap", entry.amount > 0 && "text-good")}>
          {entry.amount > 0 ? "+" : "−"}
          {amount}
        </p>
        <p className="tabular text-xs whitespace-nowrap text-soft">
          {t("wallet.left", { formatted: formatNumber(entry.balance, i18n.language) })}
        </p>
      </div>
    </li>
  );
}
