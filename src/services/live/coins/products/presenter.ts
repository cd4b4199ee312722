import type { Order, Product, Reservation } from "../../contract.ts";
import { fromHundredths } from "./prices.ts";
import type { Row as ProductRow } from "./product-store.ts";
import type { Row } from "./reservation-store.ts";

/** A product as viewers see it. Pure. */
export const presentProduct = ({ price, salePrice, ...row }: ProductRow, currency: string): Product => ({
  ...row,
  price: fromHundredths(price),
  salePrice: salePrice === null || salePrice >= price ? null : fromHundredths(salePrice),
  currency,
});

const priceFields = ({ quantity, unitPrice }: Row, currency: string) => ({
  quantity,
  unitPrice: fromHundredths(unitPrice),
  totalPrice: fromHundredths(unitPrice * quantity),
  currency,
});

/** A reservation as its buyer sees it. Pure. */
export function presentReservation(row: Row, currency: string): Reservation {
  const { id, productId, status, expiresAtMs } = row;
  return { id, productId, status, expiresAtMs, ...priceFields(row, currency) };
}

/** A confirmed reservation as the host sees it. Pure. */
export function presentOrder(row: Row, currency: string): Order {
  const { id, productId, productName, userId, confirmedAtMs } = row;
  return { id, productId, productName, userId, confirmedAtMs: confirmedAtMs ?? 0, ...priceFields(row, currency) };
}
