import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { randomKey } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Gift, GiftRecord, Live } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { storeBalance, walletQuery } from "#parts/wallet/queries.ts";
import { fanClubQuery, giftsQuery, giversQuery } from "./queries.ts";

export const quantities = [1, 10, 66, 188, 520] as const;

export interface Gifts {
  readonly list: readonly Gift[] | undefined;
  readonly chosen: Gift | undefined;
  readonly choose: (gift: Gift) => void;
  readonly quantity: number;
  readonly setQuantity: (quantity: number) => void;
  /** The coins that the viewer can spend; undefined while they are not known. */
  readonly balance: number | undefined;
  /** True if the chosen gift costs more than that. */
  readonly isTooExpensive: boolean;
  /** How many of the gift were given in a row; 0 where another press would begin anew. */
  readonly combo: number;
  readonly problem: { readonly text: string; readonly isWallet: boolean } | null;
  readonly send: () => void;
}

/** As the server counts: two gifts this far apart are no combo. */
const comboMs = 3_000;
const triesMax = 3;

/** One press is one payment, however often its answer is lost. @throws Failure */
async function pay(liveId: number, body: { gift_id: number; quantity: number }): Promise<GiftRecord> {
  const idempotencyKey = randomKey();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask("live.sendGift", { path: { id: liveId }, body, idempotencyKey });
    } catch (thrown) {
      if (asFailure(thrown).status !== 0 || attempt === triesMax) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, attempt * 500));
    }
  }
}

/** The gifts of a room, and the way to give them. */
export function useGifts(live: Live): Gifts {
  const { t } = useTranslation();
  const me = useMe();
  const textOf = useErrorText();
  const { data: gifts } = useQuery(giftsQuery);
  const { data: wallet } = useQuery({ ...walletQuery, enabled: me != null });
  const [chosenId, setChosenId] = useState<number | null>(null);
  const [quantity, setQuantity] = useState(1);
  const [problem, setProblem] = useState<Gifts["problem"]>(null);
  const combo = useCombo();
  const list = gifts?.list;
  const chosen = list?.find(({ id }) => id === chosenId) ?? list?.[0];
  const balance = wallet?.balance;
  const isTooExpensive = chosen !== undefined && balance !== undefined && chosen.price * quantity > balance;
  const send = async () => {
    if (chosen === undefined || (me == null && !(await logInFor(t("gifts.loginFirst"))))) return;
    setProblem(null);
    try {
      const { combo_count, balance } = await pay(live.id, { gift_id: chosen.id, quantity });
      combo.note(combo_count);
      if (balance !== undefined) storeBalance(balance);
      for (const { queryKey } of [giversQuery(live.id), fanClubQuery(live.id)]) void invalidate(queryKey);
    } catch (thrown) {
      const isWallet = asFailure(thrown).code === "live.too_few_coins";
      if (isWallet) void queryClient.invalidateQueries({ queryKey: walletQuery.queryKey, exact: true });
      setProblem({ text: textOf(thrown), isWallet });
    }
  };
  return {
    list,
    chosen,
    choose: (gift) => {
      setChosenId(gift.id);
      setProblem(null);
      combo.note(0);
    },
    quantity,
    setQuantity,
    balance,
    isTooExpensive,
    combo: combo.count,
    problem,
    send: () => void send(),
  };
}

/** The count of a combo, until it is over. */
function useCombo() {
  const [count, setCount] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    count,
    note: (next: number) => {
      clearTimeout(timer.current);
      // Answers may come in another order than they were asked for.
      setCount((before) => (next === 0 ? 0 : Math.max(before, next)));
      timer.current = setTimeout(() => setCount(0), comboMs);
    },
  };
}
