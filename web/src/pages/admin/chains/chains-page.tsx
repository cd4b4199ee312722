import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { ChainDetails, ChainEndpoint } from "#base/api/types.ts";
import { formatAgo, formatNumber } from "#base/format/format.ts";
import { classNames } from "#base/ui/class-names.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";

const refreshMs = 10_000;
const chainsQuery = queryOptions({
  queryKey: keyOf("chains"),
  queryFn: ({ signal }) => ask("auth.chainDetails", { signal }),
  refetchInterval: refreshMs,
});

/** The blockchains that the site asks, with the endpoints that answer for them. */
export function ChainsPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.chains")} isWide>
      <Report />
    </AdminFrame>
  );
}

function Report() {
  const { t } = useTranslation();
  const query = useQuery(chainsQuery);
  const { data } = query;
  if (data === undefined && query.isError)
    return <ErrorState error={query.error} isRetrying={query.isFetching} onRetry={() => void query.refetch()} />;
  if (data === undefined) return <Skeleton className="h-48 rounded-xl" />;
  if (data.list.length === 0)
    return (
      <div className="flex max-w-4xl flex-col gap-2 rounded-xl border border-line bg-surface p-4 sm:p-6">
        <h2 className="text-base font-semibold">{t("chains.none")}</h2>
        <p className="text-sm text-pretty text-soft">{t("chains.none.text")}</p>
      </div>
    );
  return (
    <>
      <p className="-mt-3 text-base text-pretty text-soft">{t("chains.what")}</p>
      <ul className="flex flex-col gap-4">
        {data.list.map((chain) => (
          <li key={chain.chain_id}>
            <ChainCard chain={chain} nowMs={query.dataUpdatedAt} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface ChainCardProps {
  chain: ChainDetails;
  nowMs: number;
}

function ChainCard({ chain, nowMs }: ChainCardProps) {
  const { t, i18n } = useTranslation();
  const { name, state, agree, endpoints, block, fault, since } = chain;
  const number = (value: number) => formatNumber(value, i18n.language);
  const ago = formatAgo(Date.parse(since), nowMs, i18n.language);
  return (
    <section className="rounded-xl border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3.5">
        <h2 className="text-base font-semibold">{name}</h2>
        <StateMark state={state} />
        <span className="text-xs text-soft">{t("chains.since", { when: ago })}</span>
      </header>
      {fault !== null && (
        <p className="px-4 pt-1 text-sm text-pretty text-bad">{t(faultTexts[fault] ?? "chains.fault.other")}</p>
      )}
      {agree === 1 && <p className="px-4 pt-1 text-sm text-pretty text-warn">{t("chains.alone")}</p>}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-4">
        <Fact name={t("chains.block")} value={block === null ? "–" : number(block)} />
        <Fact
          name={t("chains.age")}
          value={
            chain.block_age_seconds === null ? "–" : t("chains.seconds", { seconds: number(chain.block_age_seconds) })
          }
        />
        <Fact
          name={t("chains.wait")}
          value={
            chain.estimate_seconds === null ? "–" : t("chains.seconds", { seconds: number(chain.estimate_seconds) })
          }
        />
        <Fact name={t("chains.agree")} value={t("chains.of", { agree, count: endpoints.length })} />
      </dl>
      <ul aria-label={t("chains.endpoints", { name })} className="divide-y divide-line border-t border-line">
        {endpoints.map((endpoint, place) => (
          // Two endpoints may have one host; their places are fixed.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={place}>
            <EndpointRow endpoint={endpoint} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{name}</dt>
      <dd className="text-sm font-medium tabular-nums">{value}</dd>
    </div>
  );
}

function EndpointRow({ endpoint }: { endpoint: ChainEndpoint }) {
  const { t, i18n } = useTranslation();
  const { host, fault, requests, errors, latency } = endpoint;
  const number = (value: number) => formatNumber(value, i18n.language);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm">
      <bdi className="min-w-0 flex-1 font-medium break-all">{host}</bdi>
      <span className={classNames("text-xs", fault === null ? "text-good" : "text-bad")}>
        {fault === null ? t("chains.answers") : t(faultTexts[fault] ?? "chains.fault.other")}
      </span>
      <span className="w-full text-xs text-soft tabular-nums sm:w-auto">
        {t("chains.counts", {
          requests: number(requests),
          errors: number(errors),
          latency: latency === null ? "–" : number(Math.round(latency)),
        })}
      </span>
    </div>
  );
}

const stateColours = {
  up: "bg-good/12 text-good",
  degraded: "bg-warn/15 text-warn",
  down: "bg-bad/12 text-bad",
} as const;

function StateMark({ state }: { state: keyof typeof stateColours }) {
  const { t } = useTranslation();
  return (
    <span
      className={classNames("rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap", stateColours[state])}
    >
      {t(`chains.state.${state}`)}
    </span>
  );
}

const faultTexts: Readonly<Record<string, `chains.fault.${FaultName}` | undefined>> = {
  no_answer: "chains.fault.no_answer",
  bad_answer: "chains.fault.bad_answer",
  too_large: "chains.fault.bad_answer",
  wrong_chain: "chains.fault.wrong_chain",
  stale: "chains.fault.stale",
  no_grant_block: "chains.fault.no_grant_block",
  reorganised: "chains.fault.reorganised",
  disagreement: "chains.fault.disagreement",
};
type FaultName =
  | "no_answer"
  | "bad_answer"
  | "wrong_chain"
  | "stale"
  | "no_grant_block"
  | "reorganised"
  | "disagreement";
