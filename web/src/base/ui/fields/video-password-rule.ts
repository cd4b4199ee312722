import { charactersIn } from "#base/text/characters.ts";

/** As short as a video's password may be. */
const videoPasswordMin = 4;

/** Whether what was typed will not do. Pure. */
export const isPasswordMissing = (visibility: string, password: string, isKept: boolean): boolean =>
  visibility === "password" && charactersIn(password) < videoPasswordMin && !(isKept && password === "");
