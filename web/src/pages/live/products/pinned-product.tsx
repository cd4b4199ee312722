import { useQuery } from "@tanstack/react-query";
import { Pin } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { ProductLeft, ProductPicture, ProductPrice } from "./product-parts.tsx";
import { productsQuery } from "./queries.ts";

interface PinnedProductProps {
  live: Live;
  onOpen: () => void;
  isOverPicture?: boolean;
}

/** The product that the host shows now. */
export function PinnedProduct({ live, onOpen, isOverPicture = false }: PinnedProductProps) {
  const { t } = useTranslation();
  const { data } = useQuery({ ...productsQuery(live.id), enabled: live.has_products });
  const product = data?.find(({ is_pinned }) => is_pinned);
  if (product === undefined) return null;
  return (
    <div
      className={classNames(
        "animate-rise flex shrink-0 items-center gap-3 rounded-xl p-2",
        isOverPicture ? "me-10 bg-black/55 text-white" : "mx-3 mb-2 bg-raised",
      )}
    >
      <ProductPicture product={product} className="size-14" />
      <div className="min-w-0 flex-1">
        <p className={classNames("flex items-center gap-1 text-xs", isOverPicture ? "text-white/80" : "text-soft")}>
          <Pin size={12} aria-hidden />
          <span className="truncate">
            {t("shop.pinned")} · <ProductLeft product={product} />
          </span>
        </p>
        <p className="truncate text-sm font-semibold">
          <bdi>{product.name}</bdi>
        </p>
        <ProductPrice product={product} />
      </div>
      <Button
        className={classNames("rounded-full!", isOverPicture ? "bg-white/20! text-white!" : "bg-strong!")}
        onPress={onOpen}
      >
        {t("shop.view")}
      </Button>
    </div>
  );
}
