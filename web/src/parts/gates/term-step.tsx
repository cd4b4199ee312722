import { useQuery } from "@tanstack/react-query";
import { Coins, Hourglass } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { GateTermState, GateView, User } from "#base/api/types.ts";
import { formatNumber } from "#base/format/format.ts";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { walletQuery } from "#parts/wallet/queries.ts";
import type { GatePart } from "./gate-rule.ts";
import { gateKey, type LockableThing, ownerQuery } from "./queries.ts";
import { unlockThing } from "./unlock-thing.ts";

/** A viewer before the gate of a thing. */
export interface GatePlace {
  thing: LockableThing;
  owner: User;
  view: GateView;
  onOpen: () => void;
}

/** The control of the next step of a viewer for a term. */
export function TermStep({
  part,
  state,
  thing,
  owner,
  onOpen,
}: GatePlace & { part: GatePart; state: GateTermState | undefined }): ReactNode {
  const { t } = useTranslation();
  const check = useCheck(thing, onOpen);
  switch (state?.needs) {
    case "follow":
      return <FollowStep {...{ owner, onOpen }} />;
    case "pay":
      return <PayStep price={part.price ?? 0} {...{ thing, onOpen }} />;
    case "password":
      return <PasswordStep {...{ thing, onOpen }} />;
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

function useCheck(thing: LockableThing, onOpen: () => void) {
  return useAction(
    async () => {
      const { open } = await ask("interaction.checkGate", { path: thing, body: {} });
      await invalidate(gateKey(thing));
      if (open) onOpen();
    },
    { failure: "toast" },
  );
}

function FollowStep({ owner, onOpen }: Pick<GatePlace, "owner" | "onOpen">) {
  const user = useQuery(ownerQuery(owner.id)).data ?? owner;
  const followed = useEffectEvent(onOpen);
  const isFollowed = user.is_followed;
  useEffect(() => {
    if (isFollowed) followed();
  }, [isFollowed]);
  return <FollowButton user={user} />;
}

function PayStep({ thing, price, onOpen }: Pick<GatePlace, "thing" | "onOpen"> & { price: number }) {
  const { t, i18n } = useTranslation();
  const wallet = useQuery(walletQuery);
  const [isAsking, setAsking] = useState(false);
  const formatted = formatNumber(price, i18n.language);
  const { run, isBusy } = useAction(
    async () => {
      await ask("interaction.buyGate", { path: thing, body: { price } });
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
          text={t(`gate.coins.ask.${thing.kind}`)}
          action={t("gate.coins.unlock", { formatted })}
          onConfirm={() => void run()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function PasswordStep({ thing, onOpen }: Pick<GatePlace, "thing" | "onOpen">) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const { run, isBusy, problem } = useAction(async () => {
    await unlockThing(thing, password);
    await invalidate(gateKey(thing));
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
