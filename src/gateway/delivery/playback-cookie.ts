import { KinoraError, type Method } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { BadPlaybackToken, streaming } from "#services/streaming/contract";
import type { z } from "zod";
import { wantsCookies } from "../identity/cookie.ts";
import type { RouteHooks } from "../pipeline.ts";

const name = "kinora_playback";
const { address, mediaAddress } = streaming.methods;
type Address = z.output<typeof address.output>;
const tokenIn = /^(\/.+\/)master\.m3u8\?token=([\w.-]+)$/;

/**
 * Stores the newest playback token in a cookie, for players without a script. A phone's built-in player requests each
 * segment by the address it read at the start. The browser adds this cookie, which is sent for that one video alone.
 */
export function createPlaybackHooks(method: Method): RouteHooks {
  if (method !== address && method !== mediaAddress) return {};
  return {
    onAnswer(answer, _call, request, reply) {
      if (wantsCookies(request)) storePlaybackToken(answer, request, reply);
      return answer;
    },
  };
}

function storePlaybackToken(answer: object, request: HttpRequest, reply: HttpReply): void {
  const { hlsUrl, expiresAtMs } = answer as Address; // This is the methods' own output.
  const [, path, token] = tokenIn.exec(hlsUrl) ?? [];
  if (path === undefined || token === undefined || expiresAtMs === null) return;
  const seconds = Math.max(0, Math.floor((expiresAtMs - Date.now()) / 1_000));
  const secure = request.protocol === "https" ? "; Secure" : "";
  reply.header("set-cookie", `${name}=${token}; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`);
}

interface Token {
  readonly token?: string;
}

/** Calls with the token of the address, and where that expired, once more with the newer one of the cookie. */
export async function withPlayback<T>(request: HttpRequest, query: (token: Token) => Promise<T>): Promise<T> {
  const { token } = request.query;
  try {
    return await query(typeof token === "string" ? { token } : {});
  } catch (error) {
    const [, newer] = new RegExp(`(?:^|;\\s*)${name}=([\\w.-]{1,300})`).exec(request.headers.cookie ?? "") ?? [];
    const isExpired = error instanceof KinoraError && error.code === BadPlaybackToken.code;
    if (!isExpired || newer === undefined || newer === token) throw error;
    return query({ token: newer });
  }
}
