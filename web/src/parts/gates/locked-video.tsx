import { useQuery } from "@tanstack/react-query";
import { Check, Coins, Hourglass, KeyRound, Lock, type LucideIcon, Mail, Star, Ticket, Users } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { keepUnlock } from "#base/api/request/unlocks.ts";
import type { GateTermState, GateView, User } from "#base/api/types.ts";
import { formatNumber } from "#base/format/format.ts";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, Problem } from "#base/ui/states/states.tsx";
import { walletQuery } from "#parts/wallet/queries.ts";
import { type ChainName, type GatePart, shortAddress } from "./gate-rule.ts";
import { chainsQuery, gateQuery, ownerQuery } from "./queries.ts";

interface LockedVideoProps {
  id: number;
  /** The code of an invitation link that was followed. */
  invitation: string | undefined;
  /** Something may have opened it. */
  onOpen: () => void;
}

/** In the place of a video that does not open for the viewer: what opens it, and the next step. */
export function LockedVideo({ id, invitation, onOpen }: LockedVideoProps) {
  const { t } = useTranslation();
  const me = useMe();
  const gate = useQuery(gateQuery(id));
  const owner = useQuery({ ...ownerQuery(gate.data?.owner_id ?? 0), enabled: gate.data !== undefined });
  const redeem = useRedeem(id, invitation, onOpen);
  const isOpen = gate.data?.open === true;
  const opened = useEffectEvent(onOpen);
  useEffect(() => {
    if (isOpen) opened();
  }, [isOpen]);
  if (gate.isError && gate.data === undefined)
    return <ErrorState error={gate.error} onRetry={() => void gate.refetch()} />;
  if (gate.data?.gate == null || owner.data === undefined)
    return <Skeleton className="mx-auto mt-10 h-80 max-w-lg rounded-2xl!" />;
  const { title, terms } = gate.data;
  const isVisitor = me === null;
  const logIn = async () => {
    if (await logInFor(t("gate.login.why"))) onOpen();
  };
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-lg flex-col justify-center px-4 py-10">
      <section
        aria-labelledby="gate-title"
        className="animate-rise flex flex-col gap-5 rounded-2xl bg-surface p-5 sm:p-6"
      >
        <div className="flex items-center gap-4">
          <span className="grid size-12 shrink-0 place-items-center rounded-full bg-raised">
            <Lock size={22} aria-hidden />
          </span>
          <div className="min-w-0">
            <h1 id="gate-title" className="text-xl font-semibold wrap-anywhere">
              {title || t("gate.locked")}
            </h1>
            <p className="truncate text-sm text-soft">{owner.data.nickname || owner.data.username}</p>
          </div>
        </div>
        <GateTree part={gate.data.gate} path="" owner={owner.data} view={gate.data} {...{ id, onOpen }} />
        {redeem.problem !== null && <Problem>{redeem.problem}</Problem>}
        {isVisitor && terms.some(({ needs }) => needs === "sign_in") && (
          <Button look="main" className="min-h-12 text-base" onPress={() => void logIn()}>
            {t("gate.login")}
          </Button>
        )}
      </section>
    </div>
  );
}

/** Uses the code of an invitation link once the viewer is logged in. */
function useRedeem(id: number, code: string | undefined, onOpen: () => void) {
  const me = useMe();
  const { run, problem } = useAction(async () => {
    if (code === undefined) return;
    await ask("interaction.redeemGateLink", { path: { kind: "video", id }, body: { code } });
    onOpen();
  });
  const begin = useEffectEvent(() => void run());
  const isReady = code !== undefined && me != null;
  useEffect(() => {
    if (isReady) begin();
  }, [isReady]);
  return { problem };
}

interface PlaceProps {
  id: number;
  owner: User;
  view: GateView;
  onOpen: () => void;
}

/** A part of the gate: a term, or a heading with the parts below it. */
function GateTree({ part, path, ...place }: PlaceProps & { part: GatePart; path: string }) {
  const { t } = useTranslation();
  const name = part.any === undefined ? "all" : "any";
  const parts = part.any ?? part.all;
  const isRoot = path === "";
  const heading = isRoot ? t(`gate.opensWhen.${parts === undefined ? "one" : name}`) : t(`gate.group.${name}`);
  const Heading = isRoot ? "h2" : "h3";
  if (parts === undefined && !isRoot) return <GateTerm part={part} path={path} {...place} />;
  return (
    <div className="flex flex-col gap-2">
      <Heading className={isRoot ? "text-base font-semibold" : "text-sm font-medium text-soft"}>{heading}</Heading>
      <ul className={isRoot ? "divide-y divide-line" : "divide-y divide-line border-s-2 border-line ps-3"}>
        {(parts ?? [part]).map((inner, index) => {
          const innerPath = parts === undefined ? "" : `${isRoot ? "" : `${path}.`}${name}.${index}`;
          return (
            <li key={innerPath} className="py-3">
              {parts === undefined ? (
                <GateTerm part={inner} path="" {...place} />
              ) : (
                <GateTree part={inner} path={innerPath} {...place} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const icons: Readonly<Record<string, LucideIcon>> = {
  followers: Users,
  password: KeyRound,
  invited: Mail,
  coins: Coins,
  tier: Star,
  tokens: Ticket,
};

interface TermProps extends PlaceProps {
  part: GatePart;
  path: string;
}

function GateTerm({ part, path, ...place }: TermProps) {
  const { t } = useTranslation();
  const state = place.view.terms.find((term) => term.path === path);
  const Icon = icons[part.kind ?? ""] ?? Lock;
  const { title, text } = useTermWords(part, state, place.owner);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <span className="grid size-10 shrink-0 place-items-center rounded-full bg-raised">
        <Icon size={18} aria-hidden />
      </span>
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-medium wrap-anywhere">{title}</p>
        <p className="text-sm text-soft wrap-anywhere">{text}</p>
      </div>
      {state?.state === "met" ? (
        <Check size={20} aria-label={t("gate.met")} className="shrink-0 text-good" />
      ) : (
        <TermStep part={part} state={state} {...place} />
      )}
    </div>
  );
}

function useTermWords(part: GatePart, state: GateTermState | undefined, owner: User) {
  const { t, i18n } = useTranslation();
  const chains = useQuery({ ...chainsQuery, enabled: part.kind === "tokens" });
  const wallet = useQuery({ ...walletQuery, enabled: part.kind === "coins" && state?.needs === "pay" });
  const name = owner.nickname || owner.username;
  const number = (value: number) => formatNumber(value, i18n.language);
  const chainName: ChainName = (id) =>
    chains.data?.list.find(({ chain_id: chainId }) => chainId === id)?.name ?? String(id);
  switch (part.kind) {
    case "followers": {
      const days = part.since_days ?? 0;
      const text = days > 0 ? t("gate.follow.days", { count: days }) : t("gate.follow.now");
      return { title: t("gate.follow", { name }), text };
    }
    case "coins": {
      const price = part.price ?? 0;
      const how = part.rent_hours ? t("gate.coins.rent", { count: part.rent_hours }) : t("gate.coins.keep");
      const coins = wallet.data && wallet.data.balance - wallet.data.gift_balance;
      const text = coins === undefined ? how : t("gate.coins.have", { text: how, formatted: number(coins) });
      return { title: t("gate.coins", { count: price, formatted: number(price) }), text };
    }
    case "tier":
      return { title: t("gate.tier", { level: part.tier_id ?? 1 }), text: t("gate.tier.text", { name }) };
    case "tokens": {
      const chain = chainName(part.chain_id ?? 0);
      const held = { chain, contract: shortAddress(part.contract ?? ""), min: part.min ?? "1" };
      const text =
        state?.state === "waiting_for_finality"
          ? t("gate.tokens.waiting")
          : state?.state === "unknown"
            ? t("gate.tokens.silent", { chain })
            : held.min === "1"
              ? t("gate.tokens.text", held)
              : t("gate.tokens.min", held);
      return { title: t("gate.tokens"), text };
    }
    case "invited":
      return { title: t("gate.invited"), text: t("gate.invited.text", { name }) };
    default:
      return { title: t("gate.password"), text: t("gate.password.text", { name }) };
  }
}

/** The control of the next step of a viewer for a term. */
function TermStep({
  part,
  state,
  id,
  owner,
  onOpen,
}: PlaceProps & { part: GatePart; state: GateTermState | undefined }): ReactNode {
  const { t } = useTranslation();
  const check = useCheck(id, onOpen);
  switch (state?.needs) {
    case "follow":
      return <FollowStep {...{ owner, onOpen }} />;
    case "pay":
      return <PayStep price={part.price ?? 0} {...{ id, onOpen }} />;
    case "password":
      return <PasswordStep {...{ id, onOpen }} />;
    case "wallet":
      return (
        <LinkButton to="/settings/$section" params={{ section: "security" }}>
          {t("gate.tokens.wallet")}
        </LinkButton>
      );
    case "token":
      return (
        <Button onPress={() => void check.run()} isBusy={check.isBusy}>
          {state.state === "waiting_for_finality" && <Hourglass size={16} aria-hidden />}
          {t("gate.check")}
        </Button>
      );
    default:
      return null;
  }
}

function useCheck(id: number, onOpen: () => void) {
  return useAction(
    async () => {
      const { open } = await ask("interaction.checkGate", { path: { kind: "video", id }, body: {} });
      await invalidate(keyOf("gate", id));
      if (open) onOpen();
    },
    { failure: "toast" },
  );
}

function FollowStep({ owner, onOpen }: Pick<PlaceProps, "owner" | "onOpen">) {
  const user = useQuery(ownerQuery(owner.id)).data ?? owner;
  const followed = useEffectEvent(onOpen);
  const isFollowed = user.is_followed;
  useEffect(() => {
    if (isFollowed) followed();
  }, [isFollowed]);
  return <FollowButton user={user} />;
}

function PayStep({ id, price, onOpen }: Pick<PlaceProps, "id" | "onOpen"> & { price: number }) {
  const { t, i18n } = useTranslation();
  const wallet = useQuery(walletQuery);
  const [isAsking, setAsking] = useState(false);
  const formatted = formatNumber(price, i18n.language);
  const { run, isBusy } = useAction(
    async () => {
      await ask("interaction.buyGate", { path: { kind: "video", id }, body: { price } });
      await invalidate(keyOf("wallet"));
      onOpen();
    },
    { failure: "toast" },
  );
  const coins = wallet.data && wallet.data.balance - wallet.data.gift_balance;
  if (coins !== undefined && coins < price) return <span className="text-sm text-soft">{t("gate.coins.few")}</span>;
  return (
    <>
      <Button look="main" isBusy={isBusy} onPress={() => setAsking(true)}>
        <Coins size={16} aria-hidden />
        {t("gate.coins.unlock", { formatted })}
      </Button>
      {isAsking && (
        <ConfirmSheet
          title={t("gate.coins.ask", { formatted })}
          text={t("gate.coins.ask.text")}
          action={t("gate.coins.unlock", { formatted })}
          onConfirm={() => void run()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function PasswordStep({ id, onOpen }: Pick<PlaceProps, "id" | "onOpen">) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const { run, isBusy, problem } = useAction(async () => {
    const { unlock } = await ask("video.unlock", { path: { id }, body: { password } });
    keepUnlock(String(id), unlock);
    await invalidate(keyOf("gate", id));
    onOpen();
  });
  return (
    <form
      className="flex w-full items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== "") void run();
      }}
    >
      <div className="min-w-0 flex-1">
        <Field
          label={t("gate.password")}
          type="password"
          value={password}
          onChange={setPassword}
          maxLength={128}
          autoComplete="off"
          problem={problem}
        />
      </div>
      <Button look="main" type="submit" isBusy={isBusy}>
        {t("gate.password.open")}
      </Button>
    </form>
  );
}
