import type { Operations, Product } from "#base/api/types.ts";

/** A product as it is typed. */
export interface ProductDraft {
  readonly name: string;
  readonly description: string;
  readonly cover: string;
  readonly price: string;
  readonly salePrice: string;
  readonly stock: string;
  readonly isOnSale: boolean;
}
export type ProductMissing = "name" | "price" | "salePrice" | "stock";

export const emptyProduct: ProductDraft = {
  name: "",
  description: "",
  cover: "",
  price: "",
  salePrice: "",
  stock: "1",
  isOnSale: true,
};

export const draftOfProduct = (product: Product): ProductDraft => ({
  name: product.name,
  description: product.description,
  cover: product.cover,
  price: String(product.price),
  salePrice: product.sale_price === null ? "" : String(product.sale_price),
  stock: String(product.stock),
  isOnSale: product.status === "on",
});

const priceMax = 10_000_000;
const stockMax = 1_000_000;

/** A price as people type it, with a point or a comma; undefined where it is none. Pure. */
export function priceOf(typed: string): number | undefined {
  const text = typed.trim().replace(",", ".");
  if (!/^\d{1,8}(?:\.\d{1,2})?$/.test(text)) return undefined;
  const price = Number(text);
  return price <= priceMax ? price : undefined;
}

const stockOf = (typed: string): number | undefined =>
  /^\d{1,7}$/.test(typed.trim()) && Number(typed) <= stockMax ? Number(typed) : undefined;

/** Fields of a product that are missing or wrong. Pure. */
export function missingInProduct({ name, price, salePrice, stock }: ProductDraft): readonly ProductMissing[] {
  return [
    name.trim() === "" ? ("name" as const) : null,
    priceOf(price) === undefined ? ("price" as const) : null,
    salePrice.trim() !== "" && !((priceOf(salePrice) ?? Number.NaN) < (priceOf(price) ?? 0))
      ? ("salePrice" as const)
      : null,
    stockOf(stock) === undefined ? ("stock" as const) : null,
  ].filter((field) => field !== null);
}

/** A product that misses nothing, as the server takes it. A sale price that is the price is none. Pure. */
export function bodyOfProduct(draft: ProductDraft): Operations["live.addProduct"]["body"] {
  const price = priceOf(draft.price) ?? 0;
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    cover: draft.cover,
    price,
    sale_price: priceOf(draft.salePrice) ?? price,
    stock: stockOf(draft.stock) ?? 0,
    status: draft.isOnSale ? "on" : "off",
  };
}
