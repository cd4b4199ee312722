import { command, failure, Id, Instant, named, page, pageInput, query, SaidLine } from "#kernel";
import { WordsRefused } from "#policy/copies/blocklist";
import { Muted } from "#policy/copies/mutes";
import { z } from "zod";
import { HostBlocked } from "../../room/rooms/contract.ts";
import {
  BannedFromRoom,
  LiveNotFound,
  NotLive,
  NotYourLive,
  lockFailures,
  changeable,
} from "../../room/rooms/contract.ts";

/* Products. No payment is taken: a confirmed reservation is an order that the host sees, and settles with the buyer. */

export const ProductNotFound = failure("not_found", "live.product_not_found", "no such product");
export const TooManyProducts = failure(
  "conflict",
  "live.too_many_products",
  "this room has the maximum of 100 products, remove some first",
);
export const SoldOut = failure(
  "conflict",
  "live.sold_out",
  "there are not as many left",
  z.object({ available: z.int() }),
);
export const ShareOfBuyer = failure(
  "conflict",
  "live.share_of_buyer",
  "one buyer reserves at most two thirds of what there is",
  z.object({ max: z.int() }),
);
export const TooManyReservations = failure(
  "exhausted",
  "live.too_many_reservations",
  "you reserved this product 5 times within half an hour, wait a little",
  z.object({ retryAfterMs: z.int() }),
);
export const ReservationNotFound = failure("not_found", "live.reservation_not_found", "no such reservation");
export const ReservationOver = failure(
  "conflict",
  "live.reservation_over",
  "this reservation has expired or was cancelled",
);
export const ReservationConfirmed = failure(
  "conflict",
  "live.reservation_confirmed",
  "this reservation was confirmed and is an order now",
);

const ProductStatus = z.enum(["on", "off"]);
/** In units of the currency, such as 24.5; rounded to whole hundredths. */
const Price = z.number().min(0).max(10_000_000);
const Stock = z.int().min(0).max(1_000_000);

/** Something that the host of a room sells. */
export const Product = z
  .object({
    id: Id,
    liveId: Id,
    name: z.string(),
    description: z.string(),
    coverUrl: named("cover", z.string()),
    price: z.number(),
    /** The reduced price; null if the product costs its normal price. */
    salePrice: z.number().nullable(),
    currency: z.string(),
    /** As the owner set it, less what was ordered. */
    stock: z.int(),
    /** The stock less what is reserved right now. */
    available: z.int(),
    /** Only its owner sees one that is `off`. */
    status: ProductStatus,
    isPinned: z.boolean(),
    createdAtMs: Instant,
  })
  .meta({ id: "Product" });
export type Product = z.infer<typeof Product>;

/** Some of a product, kept for a buyer for two minutes. */
export const Reservation = z
  .object({
    id: Id,
    productId: Id,
    quantity: z.int(),
    unitPrice: z.number(),
    totalPrice: z.number(),
    currency: z.string(),
    status: z.enum(["reserved", "confirmed", "cancelled", "expired"]),
    expiresAtMs: Instant,
  })
  .meta({ id: "Reservation" });
export type Reservation = z.infer<typeof Reservation>;

/** A confirmed reservation as the host sees it. Nothing was paid here. */
export const Order = z
  .object({
    id: Id,
    productId: Id,
    productName: z.string(),
    /** The buyer; null where the account is deleted. */
    userId: Id.nullable(),
    quantity: z.int(),
    unitPrice: z.number(),
    totalPrice: z.number(),
    currency: z.string(),
    confirmedAtMs: Instant,
  })
  .meta({ id: "Order" });
export type Order = z.infer<typeof Order>;

const productFields = {
  name: SaidLine(100),
  description: z.string().max(1_000),
  coverUrl: changeable.coverUrl,
  price: Price,
  /** One that is not below the price is none. */
  salePrice: Price,
  stock: Stock,
  status: ProductStatus,
};
const product = { id: Id, pid: Id };
const reservation = { ...product, rid: Id };
const ownRoom = [LiveNotFound, NotYourLive, ...lockFailures] as const;
const ofBuyer = [LiveNotFound, ...lockFailures, BannedFromRoom, ProductNotFound, ReservationNotFound] as const;

export const productMethods = {
  products: query({
    http: "GET /api/v1/lives/:id/products",
    auth: "public",
    summary: "The products of a live room, the newest first; those that are off are listed for the owner alone.",
    input: z.object({ id: Id, ...pageInput }),
    output: page(Product),
    errors: [LiveNotFound, ...lockFailures, BannedFromRoom],
  }),
  addProduct: command({
    http: "POST /api/v1/lives/:id/products",
    auth: "user",
    summary: "Adds a product to a live room of the caller.",
    input: z.object({
      id: Id,
      ...z.object(productFields).partial().shape,
      name: SaidLine(100),
      price: Price,
      stock: Stock,
    }),
    output: Product,
    errors: [...ownRoom, TooManyProducts, Muted, WordsRefused],
  }),
  updateProduct: command({
    http: "PUT /api/v1/lives/:id/products/:pid",
    auth: "user",
    idempotent: true,
    summary: "Changes a product; omitted fields keep their value.",
    input: z.object({ ...product, ...z.object(productFields).partial().shape }),
    output: Product,
    errors: [...ownRoom, ProductNotFound, Muted, WordsRefused],
  }),
  removeProduct: command({
    http: "DELETE /api/v1/lives/:id/products/:pid",
    auth: "user",
    idempotent: true,
    summary: "Removes a product and its reservations; its orders stay.",
    input: z.object(product),
    output: z.object({}),
    errors: [...ownRoom, ProductNotFound],
  }),
  pinProduct: command({
    http: "POST /api/v1/lives/:id/products/:pid/pin",
    auth: "user",
    idempotent: true,
    summary: "Pins a product in its room, in place of the one that is pinned.",
    input: z.object(product),
    output: Product,
    errors: [...ownRoom, ProductNotFound],
  }),
  unpinProduct: command({
    http: "DELETE /api/v1/lives/:id/products/:pid/pin",
    auth: "user",
    idempotent: true,
    summary: "Unpins a product.",
    input: z.object(product),
    output: Product,
    errors: [...ownRoom, ProductNotFound],
  }),
  reserveProduct: command({
    http: "POST /api/v1/lives/:id/products/:pid/reservations",
    auth: "user",
    summary:
      "Reserves some of a product for two minutes, in place of what the caller had reserved of it: two thirds of the stock at most, five times in half an hour. Nothing is paid by it.",
    input: z.object({ ...product, quantity: z.int().min(1).max(100).default(1) }),
    output: Reservation,
    errors: [
      LiveNotFound,
      ...lockFailures,
      BannedFromRoom,
      NotLive,
      ProductNotFound,
      HostBlocked,
      SoldOut,
      ShareOfBuyer,
      TooManyReservations,
    ],
  }),
  confirmReservation: command({
    http: "POST /api/v1/lives/:id/products/:pid/reservations/:rid/confirm",
    auth: "user",
    idempotent: true,
    summary: "Makes a reservation an order that the host sees. No payment is taken.",
    input: z.object(reservation),
    output: Reservation,
    errors: [...ofBuyer, ReservationOver, SoldOut],
  }),
  cancelReservation: command({
    http: "DELETE /api/v1/lives/:id/products/:pid/reservations/:rid",
    auth: "user",
    idempotent: true,
    summary: "Cancels a reservation; what it kept is free for others.",
    input: z.object(reservation),
    output: Reservation,
    errors: [...ofBuyer, ReservationConfirmed],
  }),
  orders: query({
    http: "GET /api/v1/lives/:id/orders",
    auth: "user",
    summary: "The orders of a live room of the caller, the newest first.",
    input: z.object({ id: Id, ...pageInput }),
    output: page(Order),
    errors: [...ownRoom],
  }),
};
