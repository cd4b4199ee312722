import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Id, type Tx } from "#kernel";
import {
  HostBlocked,
  NotLive,
  ProductNotFound,
  type Reservation,
  ReservationConfirmed,
  ReservationNotFound,
  ReservationOver,
  ShareOfBuyer,
  SoldOut,
  TooManyReservations,
} from "../../contract.ts";
import * as roomStore from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { presentReservation } from "./presenter.ts";
import * as productStore from "./product-store.ts";
import type { ProductParts } from "./products.ts";
import * as store from "./reservation-store.ts";

interface ReservationId {
  readonly id: Id;
  readonly pid: Id;
  readonly rid: Id;
}

const reservationsMax = 5;

/** One buyer neither holds all of a product nor holds it for ever. @throws ShareOfBuyer, TooManyReservations */
async function requireShare(
  tx: Tx<Tables>,
  { id: productId, stock }: productStore.Row,
  { userId, quantity }: { readonly userId: Id; readonly quantity: number },
): Promise<void> {
  const max = Math.ceil((stock * 2) / 3);
  // More than there is was never reserved: that is said by the stock.
  if (quantity > max && quantity <= stock) throw ShareOfBuyer({ max });
  const { count, leftMs } = await store.recentOf(tx, { productId, userId });
  if (count >= reservationsMax) throw TooManyReservations({ retryAfterMs: Math.max(1, leftMs) });
}

/**
 * Reservations of products: try, then confirm or cancel. One that is neither is free again after two minutes by the clock
 * of the database. No payment is taken: a confirmed reservation is an order that the host sees and settles with the buyer.
 */
export function createReservations({ db, now, nextId, settings }: LiveHost, { access, notices }: ProductParts) {
  const present = (row: store.Row) => presentReservation(row, settings.currency);

  /** Decides a reservation of the caller under the lock of its product; yields it afterwards. */
  async function decide(
    { id: liveId, pid: productId, rid: id }: ReservationId,
    call: Call,
    work: (tx: Tx<Tables>, row: store.Row, product: productStore.Row | undefined) => Promise<void>,
  ): Promise<Reservation> {
    const userId = callerOf(call);
    await access.requireVisible(await roomStore.byId(db, liveId), call);
    const decided = await db.tx(async (tx) => {
      await requireAccount(tx, userId);
      const product = await productStore.lockById(tx, liveId, productId);
      const row = await store.byId(tx, { productId, userId, id });
      if (!row) throw product ? ReservationNotFound({}) : ProductNotFound({});
      await work(tx, row, product);
      return present((await store.byId(tx, { productId, userId, id })) ?? row);
    });
    notices.stockChanged(liveId, productId);
    return decided;
  }

  return {
    expire: () => db.tx(store.expire),

    handlers: {
      async reserveProduct(
        { id: liveId, pid: productId, quantity }: Omit<ReservationId, "rid"> & { quantity: number },
        call: Call,
      ) {
        const userId = callerOf(call);
        const { row: room, relationship } = await access.visible(await roomStore.byId(db, liveId), call);
        if (relationship?.isBlocked) throw HostBlocked({});
        const id = nextId();
        const reserved = await db.answer(async (tx) => {
          await requireAccount(tx, userId);
          const product = await productStore.lockById(tx, liveId, productId);
          if (product?.status !== "on") throw ProductNotFound({});
          if (room.status !== "live" && room.status !== "paused") throw NotLive({});
          await requireShare(tx, product, { userId, quantity });
          await store.cancel(tx, { productId, userId });
          const unitPrice = Math.min(product.price, product.salePrice ?? product.price);
          const made = { id, productId, liveId, userId, productName: product.name, quantity, unitPrice };
          const row = await store.reserve(tx, made);
          if (!row) throw SoldOut({ available: product.available });
          return present(row);
        });
        notices.announceReservation(liveId, productId, reserved.expiresAtMs - now());
        return reserved;
      },

      confirmReservation: (reservation: ReservationId, call: Call) =>
        decide(reservation, call, async (tx, { id, status, quantity }, product) => {
          if (status === "confirmed") return;
          if (!product || !(await store.confirm(tx, id, now()))) throw ReservationOver({});
          // The owner may have lowered the stock since.
          if (product.stock < quantity) throw SoldOut({ available: product.stock });
          await productStore.update(tx, product.id, { stock: product.stock - quantity });
        }),

      cancelReservation: (reservation: ReservationId, call: Call) =>
        decide(reservation, call, async (tx, { id, status }) => {
          if (status === "confirmed") throw ReservationConfirmed({});
          if (status === "reserved") await store.cancel(tx, { id });
        }),
    },
  };
}
