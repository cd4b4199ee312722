import { ShoppingBag } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Product } from "#base/api/types.ts";
import { classNames } from "#base/ui/class-names.ts";

export const formatPrice = (price: number, currency: string, language: string): string =>
  new Intl.NumberFormat(language, {
    style: "currency",
    currency,
    ...(Number.isInteger(price) && { maximumFractionDigits: 0 }),
  }).format(price);

/** The picture of a product, or a bag. */
export function ProductPicture({ product, className }: { product: Pick<Product, "cover">; className: string }) {
  const shape = classNames("shrink-0 rounded-lg bg-strong object-cover", className);
  // Pages of this site load pictures of this site alone.
  if (product.cover.startsWith("/")) return <img src={product.cover} alt="" className={shape} />;
  return (
    <span aria-hidden className={classNames("grid place-items-center text-soft", shape)}>
      <ShoppingBag size={24} />
    </span>
  );
}

/** The price, and the earlier one. */
export function ProductPrice({ product }: { product: Product }) {
  const { i18n } = useTranslation();
  const { price, sale_price: sale, currency } = product;
  return (
    <span className="tabular flex items-baseline gap-1.5">
      <span className="font-semibold">{formatPrice(sale ?? price, currency, i18n.language)}</span>
      {sale !== null && <s className="text-xs opacity-75">{formatPrice(price, currency, i18n.language)}</s>}
    </span>
  );
}

/** How many there are left. */
export function ProductLeft({ product }: { product: Product }) {
  const { t } = useTranslation();
  if (product.status === "off") return <>{t("shop.off")}</>;
  if (product.available === 0) return <>{t("shop.soldOut")}</>;
  return <>{t("shop.left", { count: product.available })}</>;
}
