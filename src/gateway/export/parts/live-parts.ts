import {
  GiftRecord,
  Live,
  live,
  LiveClip,
  Order,
  OwnMembership,
  OwnOrder,
  OwnPurchase,
  OwnRoomMessage,
  Payout,
  Product,
  RoomModerator,
  RoomRestriction,
  StatementEntry,
} from "#services/live/contract";
import type { z } from "zod";
import { jsonWriter } from "../../format/json.ts";
import { createRowWriter, writeRows } from "../json-text.ts";
import type { ExportSource } from "../source.ts";
import { type ExportPart, list } from "./part.ts";

/** Live rooms, and coins. */
export const liveParts: readonly ExportPart[] = [
  list(
    "live-rooms",
    {
      about: {
        en: "your live rooms with their settings, moderators, restrictions and clips; no stream keys",
        zh: "你的直播间，包括设置、房管、限制和片段；不含推流密钥",
      },
      tables: ["live.live_streams", "live.clips"],
    },
    async function* (source) {
      const write = createRowWriter(Live.omit({ streamKey: true, pushUrl: true }), source.base);
      for await (const room of ownRooms(source))
        yield `${write(room).slice(0, -1)},${await roomDetails(source, room)}}`;
    },
  ),
  list(
    "live-products",
    { about: { en: "what you sell in your live rooms", zh: "直播间商品" }, tables: [] },
    async function* (source) {
      const write = createRowWriter(Product, source.base);
      for await (const { id } of ownRooms(source))
        for await (const product of source.rows((page, call) => source.client(live).products({ id, ...page }, call)))
          yield write(product);
    },
  ),
  list(
    "live-sales",
    { about: { en: "what others ordered in your live rooms", zh: "直播间收到的订单" }, tables: [] },
    async function* (source) {
      const write = createRowWriter(Order, source.base);
      for await (const { id } of ownRooms(source))
        for await (const order of source.rows((page, call) => source.client(live).orders({ id, ...page }, call)))
          yield `{"live_id":${id},${write(order).slice(1)}`;
    },
  ),
  rowsOf("live-orders", "what you ordered in live rooms", "你在直播间的订单", ["live.reservations"], OwnOrder, (s) =>
    s.rows((page, call) => s.client(live).ownOrders(page, call)),
  ),
  rowsOf("live-chat", "what you wrote in live rooms", "你在直播间的发言", ["live.room_messages"], OwnRoomMessage, (s) =>
    s.rows((page, call) => s.client(live).ownRoomMessages(page, call)),
  ),
  rowsOf(
    "gifts-sent",
    "gifts that you sent",
    "你送出的礼物",
    ["live.live_gift_records", "live.live_givers"],
    GiftRecord,
    (s) => s.rows((page, call) => s.client(live).sentGifts(page, call)),
  ),
  rowsOf(
    "fan-clubs",
    "fan clubs that you joined",
    "你加入的粉丝团",
    ["live.live_fan_club_members"],
    OwnMembership,
    (s) => s.rows((page, call) => s.client(live).ownMemberships(page, call)),
  ),
  rowsOf(
    "purchases",
    "videos and rooms that you opened with coins",
    "你用金币解锁的内容",
    ["live.access_purchases"],
    OwnPurchase,
    (s) => s.rows((page, call) => s.client(live).ownPurchases(page, call)),
  ),
  rowsOf("coins", "every move of your coins", "金币的每一笔收支", ["live.accounts"], StatementEntry, (s) =>
    s.rows((page, call) => s.client(live).statement(page, call)),
  ),
  rowsOf("payouts", "the payouts that you asked for", "你的提现申请", [], Payout, (s) =>
    s.rows((page, call) => s.client(live).ownPayouts(page, call)),
  ),
];

/** A file with rows as a contract has them. */
function rowsOf<Schema extends z.ZodObject>(
  name: string,
  en: string,
  zh: string,
  tables: readonly string[],
  schema: Schema,
  rows: (source: ExportSource) => AsyncIterable<z.output<Schema>>,
): ExportPart {
  return list(name, { about: { en, zh }, tables }, (source) =>
    writeRows(rows(source), createRowWriter(schema, source.base)),
  );
}

const ownRooms = (source: ExportSource) =>
  source.rows((page, call) => source.client(live).ofUser({ id: source.userId, ...page }, call));

/** The settings of a room and the accounts that they name, as JSON fields. */
async function roomDetails(source: ExportSource, { id }: Pick<Live, "id">): Promise<string> {
  const client = source.client(live);
  const [chat, moderators, restrictions, clips] = await Promise.all([
    client.chat({ id }, source.call()),
    client.roomModerators({ id }, source.call()),
    Array.fromAsync(source.rows((page, call) => client.restrictions({ id, ...page }, call))),
    Array.fromAsync(source.rows((page, call) => client.clips({ id, ...page }, call))),
  ]);
  const write = (schema: z.ZodObject, rows: readonly object[]) =>
    `[${rows.map((row) => jsonWriter(schema)(row, source.base)).join(",")}]`;
  return [
    `"chat":${jsonWriter(live.methods.chat.output)(chat, source.base)}`,
    `"moderators":${write(RoomModerator, moderators.items)}`,
    `"restrictions":${write(RoomRestriction, restrictions)}`,
    `"clips":${write(LiveClip, clips)}`,
  ].join(",");
}
