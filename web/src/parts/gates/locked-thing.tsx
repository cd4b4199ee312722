import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, Problem } from "#base/ui/states/states.tsx";
import { GateTree } from "./gate-tree.tsx";
import { gateQuery, type LockableThing, ownerQuery } from "./queries.ts";

interface LockedThingProps {
  thing: LockableThing;
  /** The code of an invitation link that was followed. */
  invitation?: string | undefined;
  /** Something may have opened it. */
  onOpen: () => void;
}

/** In the place of a thing that does not open for the viewer: what opens it, and the next step. */
export function LockedThing({ thing, invitation, onOpen }: LockedThingProps) {
  const { t } = useTranslation();
  const me = useMe();
  const gate = useQuery(gateQuery(thing));
  const owner = useQuery({ ...ownerQuery(gate.data?.owner_id ?? 0), enabled: gate.data !== undefined });
  const redeem = useRedeem(thing, invitation, onOpen);
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
    if (await logInFor(t("gate.login"))) onOpen();
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
              {title || t(`gate.locked.${thing.kind}`)}
            </h1>
            <p className="truncate text-sm text-soft">{owner.data.nickname || owner.data.username}</p>
          </div>
        </div>
        <GateTree part={gate.data.gate} path="" owner={owner.data} view={gate.data} {...{ thing, onOpen }} />
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
function useRedeem(thing: LockableThing, code: string | undefined, onOpen: () => void) {
  const me = useMe();
  const { run, problem } = useAction(async () => {
    if (code === undefined) return;
    await ask("interaction.redeemGateLink", { path: thing, body: { code } });
    onOpen();
  });
  const begin = useEffectEvent(() => void run());
  const isReady = code !== undefined && me != null;
  useEffect(() => {
    if (isReady) begin();
  }, [isReady]);
  return { problem };
}
