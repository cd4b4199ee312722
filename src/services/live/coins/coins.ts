import { userRegistered } from "#events/auth";
import { on, type Tx, joinHandlers } from "#kernel";
import { createAccessSales } from "./access/access.ts";
import * as accessStore from "./access/access-store.ts";
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
}

/** Coins and what is done with them, beside the rooms. No coin ends a room: `stage/room-lifecycle.ts` decides that. */
export function startCoins(host: LiveHost, parts: Parts) {
  const wallets = createWallets(host);
  const payouts = createPayouts(host, { wallets, payments: manualPayments });
  const notices = new ProductNotices(host, (liveId, signal) => parts.log.signal(liveId, signal));
  const shop = { ...parts, notices };
  const reservations = createReservations(host, shop);

  return {
    handlers: joinHandlers(
      wallets.handlers,
      payouts.handlers,
      createGrants(host, wallets),
      createAccessSales(host, wallets),
      createGifts(host, { ...parts, wallets }),
      createFanClubs(host, parts.access),
      createProducts(host, shop),
      reservations.handlers,
      createOrders(host, parts.access),
    ),

    /** In the transaction that deletes an account. Its transfers stay, for the sum; they name an account without an owner. */
    async eraseIn(tx: Tx<Tables>, userId: number): Promise<void> {
      await payouts.voidOf(tx, userId);
      await forgetOwner(tx, userId);
      await giftStore.forget(tx, userId);
      await accessStore.forget(tx, userId);
      await fanClubStore.forget(tx, userId);
      await reservationStore.forget(tx, userId);
    },
    subscriptions: [on(userRegistered, (tx: Tx<Tables>, { userId }) => wallets.openIn(tx, [userId]))],
    schedules: [
      { name: "live.payouts", pattern: "23 4 * * *", run: payouts.expire },
      { name: "live.reservations", pattern: "*/5 * * * *", run: reservations.expire },
    ],
    verify: () => inconsistencies(host.db),
    stop: () => notices.stop(),
  };
}
