import type { GiftTexts } from "../../room/log/gift-texts.ts";
import { giftTextNotice } from "./gift-notice.ts";
import { ofMessage, setMessage } from "./gift-store.ts";

/** The words of gifts for the log of a room. */
export const giftTexts: GiftTexts = { ofMessage, setMessage, notice: giftTextNotice };
