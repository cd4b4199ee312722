import { KinoraError, type Method } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { BadPlaybackToken, streaming } from "#services/streaming/contract";
import type { z } from "zod";
import { wantsCookies } from "../identity/cookie.ts";
import type { RouteHooks } from "../rest/pipeline.ts";

const name = "kinora_playback";
const { address, mediaAddress } = streaming.methods;
type Address = z.output<typeof address.output>;
const tokenIn = /^(\/.+\/)master\.m3u8\?token=([\w.-]+)$/;

/**
 * The newest playback token, for whoever plays without a script between: a phone's own player asks for each segment by
 * the address it read at the start, and the browser adds this cookie, which goes nowhere but to that one video.
 */
export function playbackHooks(method: Method): RouteHooks {
  if (method !== address && method !== mediaAddress) return {};
  return {
    answered(answer, _call, request, reply) {
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

/** Asks with the token of the address, and where that one is over, once more with the one the player was given since. */
export async function withPlayback<T>(request: HttpRequest, ask: (given: Token) => Promise<T>): Promise<T> {
  const { token } = request.query;
  try {
    return await ask(typeof token === "string" ? { token } : {});
  } catch (error) {
    const [, newer] = new RegExp(`(?:^|;\\s*)${name}=([\\w.-]{1,300})`).exec(request.headers.cookie ?? "") ?? [];
    const isOver = error instanceof KinoraError && error.code === BadPlaybackToken.code;
    if (!isOver || newer === undefined || newer === token) throw error;
    return ask({ token: newer });
  }
}
