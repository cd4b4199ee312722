import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Id, type PageInput, type Tx } from "#kernel";
import type { z } from "zod";
import { type live, LiveNotFound, ProductNotFound, TooManyProducts } from "../../contract.ts";
import type { RoomAccess } from "../../room/rooms/access.ts";
import type { TextGate } from "../../room/moderation/text-gate.ts";
import * as roomStore from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import type { ProductNotices } from "./product-notices.ts";
import { presentProduct } from "./presenter.ts";
import { toHundredths } from "./prices.ts";
import * as store from "./product-store.ts";
import * as reservationStore from "./reservation-store.ts";

type Methods = (typeof live)["methods"];
type Add = z.output<Methods["addProduct"]["input"]>;
type Update = z.output<Methods["updateProduct"]["input"]>;
interface ProductId {
  readonly id: Id;
  readonly pid: Id;
}

export interface ProductParts {
  readonly access: RoomAccess;
  readonly gate: TextGate;
  readonly notices: ProductNotices;
}

/** Products of a room: up to this many. */
const productsMax = 100;

/** The products of live rooms, which their owners change. */
export function createProducts({ db, now, nextId, settings }: LiveHost, { access, gate, notices }: ProductParts) {
  const present = (row: store.Row) => presentProduct(row, settings.currency);

  /** Runs a change of a room's products under the lock of the room, which is the caller's. */
  async function change(liveId: Id, call: Call, work: (tx: Tx<Tables>) => Promise<void>): Promise<void> {
    access.requireOwn(await access.requireVisible(await roomStore.byId(db, liveId), call), "change", call);
    await db.tx(async (tx) => {
      await requireAccount(tx, callerOf(call));
      if (!(await roomStore.lockById(tx, liveId))) throw LiveNotFound({});
      await work(tx);
      await store.recount(tx, liveId);
    });
    notices.listChanged(liveId);
  }

  /** As `change`, of one product that is there and locked; yields it afterwards. */
  async function changeOne({ id, pid }: ProductId, call: Call, work: (tx: Tx<Tables>) => Promise<void>) {
    await change(id, call, async (tx) => {
      if (!(await store.lockById(tx, id, pid))) throw ProductNotFound({});
      await work(tx);
    });
    const row = await store.byId(db, id, pid);
    if (!row) throw ProductNotFound({});
    return present(row);
  }

  const setPinned = (product: ProductId, isPinned: boolean, call: Call) =>
    changeOne(product, call, async (tx) => {
      if (isPinned) await store.unpinAll(tx, product.id);
      // Only products on sale are pinned.
      await store.update(tx, product.pid, isPinned ? { is_pinned: true, status: "on" } : { is_pinned: false });
    });

  return {
    async products({ id, ...page }: { id: Id } & PageInput, call: Call) {
      const room = await access.requireVisible(await roomStore.byId(db, id), call);
      const { items, ...paging } = await store.ofRoom(db.read(call), id, room.ownerId === call.userId, page);
      return { ...paging, items: items.map(present) };
    },

    async addProduct({ id, ...input }: Add, call: Call) {
      const pid = nextId();
      const { name, description = "" } = input;
      const reason = await gate.reasonToFlag([name, description], call);
      await change(id, call, async (tx) => {
        await gate.flag(tx, callerOf(call), [name, description], reason);
        if ((await store.countOf(tx, id)) >= productsMax) throw TooManyProducts({});
        await store.insert(tx, { id: pid, live_id: id, ...columnsOf(input), created_at_ms: now() });
      });
      const row = await store.byId(db, id, pid);
      if (!row) throw ProductNotFound({});
      return present(row);
    },

    async updateProduct({ id, pid, ...input }: Update, call: Call) {
      const { name = "", description = "" } = input;
      const reason = await gate.reasonToFlag([name, description], call);
      return changeOne({ id, pid }, call, async (tx) => {
        await gate.flag(tx, callerOf(call), [name, description], reason);
        const changes = changesOf(input);
        if (Object.keys(changes).length > 0) await store.update(tx, pid, changes);
      });
    },

    async removeProduct({ id, pid }: ProductId, call: Call) {
      await change(id, call, async (tx) => {
        if (!(await store.lockById(tx, id, pid))) throw ProductNotFound({});
        await reservationStore.cancel(tx, { productId: pid });
        await store.remove(tx, pid);
      });
      return {};
    },

    pinProduct: (product: ProductId, call: Call) => setPinned(product, true, call),
    unpinProduct: (product: ProductId, call: Call) => setPinned(product, false, call),
  };
}

/** The columns that are given for a new product. Pure. */
const columnsOf = ({
  name,
  description = "",
  coverUrl = "",
  price,
  salePrice,
  stock,
  status = "on",
}: Omit<Add, "id">) => ({
  name,
  description,
  cover_url: coverUrl,
  price: toHundredths(price),
  sale_price: salePrice === undefined ? null : toHundredths(salePrice),
  stock,
  status,
});

/** The columns that an update changes. Pure. */
function changesOf({
  coverUrl,
  price,
  salePrice,
  ...input
}: Omit<Update, "id" | "pid">): Parameters<typeof store.update>[2] {
  const given = {
    ...input,
    cover_url: coverUrl,
    price: price === undefined ? undefined : toHundredths(price),
    sale_price: salePrice === undefined ? undefined : toHundredths(salePrice),
    is_pinned: input.status === "off" ? false : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
