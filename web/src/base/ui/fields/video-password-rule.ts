import { charactersIn } from "#base/text/characters.ts";

/** As short as a video's password may be. */
const videoPasswordMin = 4;

/** True if a password is needed and the typed one is too short. Pure. */
export const isPasswordMissing = (visibility: string, password: string, isKept: boolean): boolean =>
  visibility === "password" && charactersIn(password) < videoPasswordMin && !(isKept && password === "");
