import { loadConfig } from "../compose/config.ts";

/** Wrong arguments: exit code 2. */
export class Misuse extends Error {}
/** The server cannot be reached, or refuses: exit code 3. */
export class NoServer extends Error {}
/** The token expired, usually after a quarter of an hour. */
class TokenExpired extends NoServer {}

/** Calls the transfer API. @throws Misuse, NoServer */
export type ServerCall = (verb: "GET" | "POST", path: string, body?: object) => Promise<unknown>;

interface ServerOptions {
  readonly url?: string | undefined;
  readonly port?: string | undefined;
  readonly data?: string | undefined;
}

/** The server that the options and the configuration name, called as an administrator. @throws NoServer */
export async function createServerCall(
  { url, port, data }: ServerOptions,
  token: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ServerCall> {
  const flags = [...(port === undefined ? [] : ["--port", port]), ...(data === undefined ? [] : ["--data", data])];
  const { server, site } = loadConfig(flags, env, process.cwd()).config;
  const scheme = server.tlsCert === undefined ? "http" : "https";
  const base = (url ?? server.publicUrl ?? `${scheme}://127.0.0.1:${server.port}`).replace(/\/$/, "");
  const call = async (verb: string, path: string, bearer: string | undefined, body?: object): Promise<unknown> => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method: verb,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      throw new NoServer(`no server answers at ${base}; start it, or say where it is with --url (${causeOf(error)})`);
    });
    const text = await answer.text();
    const envelope = isJson(text) ? (JSON.parse(text) as { data: unknown; message: string }) : undefined; // The edge's envelope.
    if (answer.ok && envelope) return envelope.data;
    const reason = envelope?.message ?? `status ${answer.status}`;
    if (answer.status === 401) throw new TokenExpired(`${base}: ${reason}`);
    if (answer.status === 403 || answer.status >= 500 || !envelope) throw new NoServer(`${base}: ${reason}`);
    throw new Misuse(reason);
  };
  const renew = () => signIn(site, (body) => call("POST", "/users/login", undefined, body));
  let bearer = token ?? (await renew());
  return async (verb, path, body) => {
    const attempt = () => call(verb, `/transfer${path}`, bearer, body);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TokenExpired) || token !== undefined) throw error;
      bearer = await renew();
      return attempt();
    }
  };
}

async function signIn(
  {
    adminUsername: username,
    adminPassword: password,
  }: { adminUsername?: string | undefined; adminPassword?: string | undefined },
  login: (body: object) => Promise<unknown>,
): Promise<string> {
  if (username === undefined || password === undefined)
    throw new NoServer("who are you? Set KINORA_TOKEN, or KINORA_ADMIN_USERNAME and KINORA_ADMIN_PASSWORD");
  return ((await login({ username, password })) as { token: string }).token; // The contract of sign-in.
}

const isJson = (text: string): boolean => text.startsWith("{");
const causeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
};
