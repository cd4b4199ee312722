import { userRegistered } from "#events/auth";
import { type Id, on, type Tx, joinHandlers } from "#kernel";
import type { Signal } from "../room/log/room-log.ts";
import * as fanClubStore from "./fan-clubs/fan-club-store.ts";
import { createFanClubs } from "./fan-clubs/fan-clubs.ts";
import * as giftStore from "./gifts/gift-store.ts";
import { createGifts } from "./gifts/gifts.ts";
import { forgetOwner } from "./ledger/account-store.ts";
import { createGrants } from "./ledger/grants.ts";
import { inconsistencies } from "./ledger/ledger-store.ts";
import { manualPayments } from "./ledger/payment-port.ts";
import { createPayouts } from "./ledger/payouts.ts";
import { createWallets } from "./ledger/wallets.ts";
import { createOrders } from "./products/orders.ts";
import { ProductNotices } from "./products/product-notices.ts";
import { createProducts } from "./products/products.ts";
import * as reservationStore from "./products/reservation-store.ts";
import { createReservations } from "./products/reservations.ts";
import type { InRooms } from "../room/moderation/in-rooms.ts";
import type { RoomAccess } from "../room/rooms/access.ts";
import type { LiveHost } from "../settings.ts";
import type { Tables } from "../store.ts";

interface Parts extends InRooms {
  readonly access: RoomAccess;
  readonly signal: (liveId: Id, signal: Signal) => void;
}

/** Coins and what is done with them, beside the rooms. */
export function createCoins(host: LiveHost, parts: Parts) {
  const { db } = host;
  const purses = createWallets(host);
  const paid = createPayouts(host, { wallets: purses, payments: manualPayments });

  const notices = new ProductNotices(host, parts.signal);
  const shop = { ...parts, notices };
  const reserved = createReservations(host, shop);

  return {
    handlers: joinHandlers(
      purses.handlers,
      paid.handlers,
      createGrants(host, purses),
      createGifts(host, { ...parts, wallets: purses }),
      createFanClubs(host, parts.access),
      createProducts(host, shop),
      reserved.handlers,
      createOrders(host, parts.access),
    ),

    /** In the transaction that deletes an account. Its transfers stay, for the sum; they name an account without an owner. */
    async eraseIn(tx: Tx<Tables>, userId: number): Promise<void> {
      await paid.voidOf(tx, userId);
      await forgetOwner(tx, userId);
      await giftStore.forget(tx, userId);
      await fanClubStore.forget(tx, userId);
      await reservationStore.forget(tx, userId);
    },

    subscriptions: [on(userRegistered, (tx: Tx<Tables>, { userId }) => purses.openIn(tx, [userId]))],

    schedules: [
      { name: "live.payouts", pattern: "23 4 * * *", run: paid.expire },
      { name: "live.reservations", pattern: "*/5 * * * *", run: reserved.expire },
    ],

    verify: () => inconsistencies(db),

    stop: () => notices.stop(),
  };
}
