import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import { randomKey } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Live, Product, Reservation } from "#base/api/types.ts";
import { formatDuration } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { useNow } from "#parts/live/use-now.ts";
import { formatPrice, ProductLeft, ProductPicture, ProductPrice } from "./product-parts.tsx";
import { productsQuery, refreshProducts } from "./queries.ts";

/** The products of a room; viewers reserve here, and confirm. */
export function ShopSheet({ live, onClose }: { live: Live; onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQuery(productsQuery(live.id));
  const onSale = query.data?.filter(({ status }) => status === "on");
  return (
    <Sheet title={t("shop.title")} isOpen onClose={onClose}>
      {query.isError && onSale === undefined && <LoadFailed query={query} />}
      {query.isPending && <Skeleton className="h-40" />}
      {onSale?.length === 0 && <p className="py-10 text-center text-soft">{t("shop.none")}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {onSale?.map((product) => (
          <ProductRow key={product.id} live={live} product={product} />
        ))}
      </ul>
    </Sheet>
  );
}

function ProductRow({ live, product }: { live: Live; product: Product }) {
  const { t } = useTranslation();
  const purchase = usePurchase(live, product);
  const [quantity, setQuantity] = useState(1);
  const { reservation } = purchase;
  const most = Math.min(10, product.available);
  const isOnAir = live.status === "live" || live.status === "paused";
  return (
    <li className="flex flex-col gap-3 py-4 first:pt-1">
      <div className="flex gap-3">
        <ProductPicture product={product} className="size-20" />
        <div className="min-w-0 flex-1">
          <p className="text-base font-semibold wrap-anywhere">
            <bdi>{product.name}</bdi>
          </p>
          {product.description !== "" && <p className="line-clamp-2 text-sm text-soft">{product.description}</p>}
          <div className="mt-1 flex flex-wrap items-baseline gap-x-3 text-base">
            <ProductPrice product={product} />
            <span className={product.available === 0 ? "text-xs text-warn" : "text-xs text-soft"}>
              <ProductLeft product={product} />
            </span>
          </div>
        </div>
      </div>
      {purchase.problem !== null && <Problem>{purchase.problem}</Problem>}
      {reservation !== null && <Reserved purchase={purchase} reservation={reservation} />}
      {reservation === null && !live.is_mine && isOnAir && product.available > 0 && (
        <div className="flex items-center gap-2">
          <div className="w-24">
            <Select
              isCompact
              label={t("shop.quantity")}
              value={String(Math.min(quantity, most))}
              options={Array.from({ length: most }, (_, place) => ({
                value: String(place + 1),
                name: `×${place + 1}`,
              }))}
              onChange={(chosen) => setQuantity(Number(chosen))}
            />
          </div>
          <Button
            look="main"
            className="flex-1"
            isBusy={purchase.isBusy}
            onPress={() => void purchase.reserve(quantity)}
          >
            {t("shop.reserve")}
          </Button>
        </div>
      )}
    </li>
  );
}

interface Purchase {
  /** The reservation that was made in this sheet. */
  readonly reservation: Reservation | null;
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly reserve: (quantity: number) => Promise<void>;
  readonly confirm: () => void;
  readonly cancel: () => void;
}

/** A reservation of the viewer, its remaining time, and the actions on it. */
function Reserved({ purchase, reservation }: { purchase: Purchase; reservation: Reservation }) {
  const { t, i18n } = useTranslation();
  const nowMs = useNow(reservation.status === "reserved");
  const leftS = Math.max(0, Math.ceil((Date.parse(reservation.expires_at) - nowMs) / 1_000));
  const total = formatPrice(reservation.total_price, reservation.currency, i18n.language);
  if (reservation.status === "confirmed")
    return (
      <p className="flex items-center gap-2 rounded-lg bg-good/15 px-3 py-2.5 font-medium">
        <Check size={18} aria-hidden className="text-good" />
        {t("shop.ordered")}
      </p>
    );
  if (reservation.status !== "reserved" || leftS === 0)
    return (
      <div className="flex flex-wrap items-center gap-3">
        <p className="flex-1 text-warn">{t("shop.expired")}</p>
        <Button onPress={() => void purchase.reserve(reservation.quantity)}>{t("shop.reserve")}</Button>
      </div>
    );
  return (
    <div className="flex flex-col gap-3 rounded-xl bg-raised p-3">
      <div>
        <p className="flex justify-between gap-3 font-semibold">
          <span role="timer" className="tabular">
            {t("shop.reserved", { time: formatDuration(leftS) })}
          </span>
          <span className="tabular">
            ×{reservation.quantity} · {total}
          </span>
        </p>
        <p className="mt-0.5 text-xs text-soft">{t("shop.reserved.text")}</p>
      </div>
      <div className="flex gap-2">
        <Button className="flex-1 bg-strong!" onPress={purchase.cancel}>
          {t("shop.cancel")}
        </Button>
        <Button look="main" className="flex-1" isBusy={purchase.isBusy} onPress={purchase.confirm}>
          {t("shop.confirm")}
        </Button>
      </div>
    </div>
  );
}

function usePurchase(live: Live, product: Product): Purchase {
  const { t } = useTranslation();
  const me = useMe();
  const [reservation, setReservation] = useState<Reservation | null>(null);
  const path = { id: live.id, pid: product.id };
  const { run, isBusy, problem } = useAction(async (work: () => Promise<Reservation | null>) => {
    try {
      setReservation(await work());
    } finally {
      refreshProducts(live.id);
    }
  });
  return {
    reservation,
    isBusy,
    problem,
    reserve: async (quantity: number) => {
      if (me !== null || (await logInFor(t("shop.loginFirst"))))
        await run(() => ask("live.reserveProduct", { path, body: { quantity }, idempotencyKey: randomKey() }));
    },
    confirm: () => {
      if (reservation !== null)
        void run(() => ask("live.confirmReservation", { path: { ...path, rid: reservation.id }, body: {} }));
    },
    cancel: () =>
      void run(async () => {
        if (reservation !== null) await ask("live.cancelReservation", { path: { ...path, rid: reservation.id } });
        return null;
      }),
  };
}
