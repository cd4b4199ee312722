import { type Frame, numberIn, textIn } from "./frames.ts";

interface Line {
  /** Its place in the room's sequence. */
  readonly seq: number;
  readonly atMs: number;
  readonly userId: number;
  readonly username: string;
  readonly nickname: string;
  readonly avatar: string;
}
export interface ChatLine extends Line {
  readonly kind: "chat";
  readonly badge: "" | "host" | "moderator";
  /** In the fan club of the host; 0 for who is no member. */
  readonly fanLevel: number;
  readonly text: string;
}
export interface GiftLine extends Line {
  readonly kind: "gift";
  /** The number of the payment. */
  readonly recordId: number;
  readonly giftId: number;
  readonly giftName: string;
  readonly giftSlug: string;
  readonly icon: string;
  readonly quantity: number;
  /** How many of this gift were given in a row, these included. */
  readonly comboCount: number;
  readonly text: string;
}
export type RoomLine = ChatLine | GiftLine;

export const nameOf = ({ nickname, username }: Pick<Line, "nickname" | "username">): string => nickname || username;

const badgeOf = (text: string): ChatLine["badge"] => (text === "host" || text === "moderator" ? text : "");

/** The line that a frame adds to the list of messages; undefined if it adds none. Pure. */
export function lineOf({ type, payload, seq, atMs, userId, username }: Frame): RoomLine | undefined {
  const nickname = textIn(payload, "nickname");
  const avatar = textIn(payload, "avatar");
  if (type === "chat")
    return {
      kind: "chat",
      seq,
      atMs,
      userId,
      username,
      nickname,
      avatar,
      badge: badgeOf(textIn(payload, "badge")),
      fanLevel: numberIn(payload, "fan_level"),
      text: textIn(payload, "message"),
    };
  if (type !== "gift") return undefined;
  return {
    kind: "gift",
    seq,
    atMs,
    userId,
    nickname,
    avatar,
    username: textIn(payload, "username"),
    recordId: numberIn(payload, "id"),
    giftId: numberIn(payload, "gift_id"),
    giftName: textIn(payload, "gift_name"),
    giftSlug: textIn(payload, "gift_slug"),
    icon: textIn(payload, "gift_icon"),
    quantity: numberIn(payload, "quantity"),
    comboCount: numberIn(payload, "combo_count"),
    text: textIn(payload, "message"),
  };
}

/** Messages that a list has at most: older ones leave it. */
export const linesMax = 200;

/** Adds a line at its place, once; a gift takes the place of the former one of its combo. Pure. */
export function withLine(lines: readonly RoomLine[], line: RoomLine): readonly RoomLine[] {
  if (lines.some(({ seq }) => seq === line.seq)) return lines;
  const otherLines = line.kind === "gift" ? lines.filter((other) => !isContinued(other, line)) : lines;
  // Nearly always it is the newest.
  const after = otherLines.findLastIndex(({ seq }) => seq < line.seq) + 1;
  return otherLines.toSpliced(after, 0, line).slice(-linesMax);
}

const isContinued = (other: RoomLine, line: GiftLine): boolean =>
  other.kind === "gift" &&
  other.giftId === line.giftId &&
  other.userId === line.userId &&
  other.userId !== 0 &&
  line.comboCount > line.quantity &&
  other.comboCount === line.comboCount - line.quantity;
