import { useQuery } from "@tanstack/react-query";
import { Pencil, Pin, PinOff, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { Live, Order, Product } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { formatPrice, ProductLeft, ProductPicture, ProductPrice } from "./product-parts.tsx";
import { ordersQuery, productsQuery, refreshProducts } from "./queries.ts";
import { useProductNotices } from "./use-product-notices.ts";

const ProductSheet = lazySheet(() => import("./product-sheet.tsx"), "ProductSheet");
const icon = { size: 18, "aria-hidden": true } as const;

/** The host's products in a room, and their orders. */
export function OwnProducts({ live }: { live: Live }) {
  const { t } = useTranslation();
  const { data: products } = useQuery(productsQuery(live.id));
  const { data: orders } = useQuery(ordersQuery(live.id));
  const [editing, setEditing] = useState<Product | "new" | null>(null);
  useProductNotices(live.id);
  const list = orders?.list ?? [];
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Part
        title={t("shop.title")}
        action={
          <Button onPress={() => setEditing("new")}>
            <Plus {...icon} />
            {t("shop.add")}
          </Button>
        }
      >
        {products?.length === 0 && <p className="py-6 text-center text-balance text-soft">{t("shop.own.none")}</p>}
        <ul className="flex flex-col gap-1">
          {products?.map((product) => (
            <ProductRow key={product.id} product={product} onEdit={() => setEditing(product)} />
          ))}
        </ul>
      </Part>
      <Part title={t("shop.orders")}>
        {orders !== undefined && list.length === 0 && (
          <p className="py-6 text-center text-soft">{t("shop.orders.none")}</p>
        )}
        <ul className="flex max-h-80 flex-col overflow-y-auto">
          {list.map((order) => (
            <OrderRow key={order.id} order={order} />
          ))}
        </ul>
      </Part>
      {editing !== null && (
        <ProductSheet liveId={live.id} product={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </div>
  );
}

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0 rounded-2xl bg-surface p-4">
      <div className="mb-2 flex min-h-11 items-center justify-between gap-3 pointer-fine:min-h-9">
        <h2 className="text-base font-semibold">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

function ProductRow({ product, onEdit }: { product: Product; onEdit: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [isAsking, setAsking] = useState(false);
  const path = { id: product.live_id, pid: product.id };
  const run = (work: Promise<unknown>) =>
    void work.then(
      () => refreshProducts(product.live_id),
      (thrown: unknown) => showToast(text(thrown)),
    );
  const pin = () =>
    run(product.is_pinned ? ask("live.unpinProduct", { path }) : ask("live.pinProduct", { path, body: {} }));
  return (
    <li className="flex items-center gap-3 py-1.5">
      <ProductPicture product={product} className="size-13" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">
          <bdi>{product.name}</bdi>
        </p>
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <ProductPrice product={product} />
          <span className="text-xs text-soft">
            {product.is_pinned && `${t("shop.pinned")} · `}
            <ProductLeft product={product} />
          </span>
        </p>
      </div>
      <Button className="max-sm:hidden" onPress={pin}>
        {product.is_pinned ? <PinOff {...icon} /> : <Pin {...icon} />}
        {t(product.is_pinned ? "shop.unpin" : "shop.pin")}
      </Button>
      <MoreMenu
        label={`${t("action.more")}: ${product.name}`}
        actions={[
          {
            id: "pin",
            text: t(product.is_pinned ? "shop.unpin" : "shop.pin"),
            icon: product.is_pinned ? <PinOff {...icon} /> : <Pin {...icon} />,
            run: pin,
          },
          { id: "edit", text: t("action.edit"), icon: <Pencil {...icon} />, run: onEdit },
          {
            id: "remove",
            text: t("action.remove"),
            icon: <Trash2 {...icon} />,
            isDanger: true,
            run: () => setAsking(true),
          },
        ]}
      />
      {isAsking && (
        <ConfirmSheet
          title={t("shop.remove.ask")}
          text={t("shop.remove.text")}
          action={t("action.remove")}
          onConfirm={() => run(ask("live.removeProduct", { path }))}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function OrderRow({ order }: { order: Order }) {
  const { t, i18n } = useTranslation();
  const buyer = order.user ?? { id: order.id, username: t("shop.deleted"), nickname: "", avatar: "" };
  return (
    <li className="flex min-h-13 items-center gap-3">
      <Avatar user={buyer} size="comment" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          <bdi>{buyer.nickname || buyer.username}</bdi>
        </p>
        <p className="truncate text-xs text-soft">
          <bdi>{order.product_name}</bdi> · {formatAgo(Date.parse(order.confirmed_at), Date.now(), i18n.language)}
        </p>
      </div>
      <span className="tabular text-end text-sm font-semibold whitespace-nowrap">
        ×{order.quantity} · {formatPrice(order.total_price, order.currency, i18n.language)}
      </span>
    </li>
  );
}
