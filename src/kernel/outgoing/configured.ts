export interface ConfiguredRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the path of the server's URL, with its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

/** A server that the configuration names and no user chooses, so that it may be at a private address. */
export interface ConfiguredServer {
  /** Any status is an answer. @throws where there is none, or a redirect */
  ask(request: ConfiguredRequest): Promise<{ readonly status: number; readonly text: string }>;
}

/** @param url may have a user and a password, for basic authentication; `authorization` goes before them */
export function createConfiguredServer(url: string, authorization?: string): ConfiguredServer {
  const { origin, pathname, username, password } = new URL(url);
  const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  const credentials = authorization ?? (username === "" ? undefined : `Basic ${user}`);
  const base = origin + pathname.replace(/\/$/, "");
  return {
    async ask({ method, path, body, contentType = "application/json", signal }) {
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
      return { status: answer.status, text: await answer.text() };
    },
  };
}

/** Why a server could not be asked, in words: what happened is at the end of the causes. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? reasonOf(error.cause) : error.message) : String(error);
