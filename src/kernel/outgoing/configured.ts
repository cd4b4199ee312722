export interface ConfiguredRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the path of the server's URL, with its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** Without it an answer of any length is read. */
  readonly answerBytesMax?: number;
  readonly signal: AbortSignal;
}

/** The answer is longer than the request allows; the rest of it was not read. */
export class AnswerTooLarge extends Error {}

/** A server that the configuration names and no user chooses, so that it may be at a private address. */
export interface ConfiguredServer {
  /** Any status is an answer. @throws where there is none, or a redirect; {AnswerTooLarge} */
  ask(request: ConfiguredRequest): Promise<{ readonly status: number; readonly text: string }>;
}

/** @param url may have a user and a password, for basic authentication; `authorization` goes before them */
export function createConfiguredServer(url: string, authorization?: string): ConfiguredServer {
  const { origin, pathname, username, password } = new URL(url);
  const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  const credentials = authorization ?? (username === "" ? undefined : `Basic ${user}`);
  const base = origin + pathname.replace(/\/$/, "");
  return {
    async ask({ method, path, body, contentType = "application/json", answerBytesMax, signal }) {
      const answer = await fetch(base + path, {
        method,
        signal,
        redirect: "error",
        headers: {
          ...(credentials !== undefined && { authorization: credentials }),
          ...(body !== undefined && { "content-type": contentType }),
        },
        ...(body !== undefined && { body }),
      });
      const text = answerBytesMax === undefined ? answer.text() : readText(answer.body, answerBytesMax);
      return { status: answer.status, text: await text };
    },
  };
}

/** `fetch` for a library that asks servers which the configuration names, or which such a server names. */
export type ConfiguredFetch = (url: string, options: RequestInit) => Promise<Response>;

/** It follows no redirect, and reads answers of at most so many bytes, whole. @throws {AnswerTooLarge} */
export const createConfiguredFetch =
  (answerBytesMax: number): ConfiguredFetch =>
  async (url, options) => {
    const answer = await fetch(url, { ...options, redirect: "error" });
    const { status, headers } = answer;
    const text = await readText(answer.body, answerBytesMax);
    return new Response(text === "" ? null : text, { status, headers });
  };

/** @throws {AnswerTooLarge} as soon as the bytes are too many, after decompression */
async function readText(body: Response["body"], bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > bytesMax) throw new AnswerTooLarge(`the answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Why a server could not be asked, in words: what happened is at the end of the causes. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? reasonOf(error.cause) : error.message) : String(error);
