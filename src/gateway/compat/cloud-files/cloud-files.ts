import { type BlobStore, type Client, type Contract, failure } from "#kernel";
import { NoRoute } from "#kernel/http/errors";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { auth } from "#services/auth/contract";
import { drive, type KeptFile } from "#services/drive/contract";
import type { Admission } from "../../identity/admission.ts";
import { type ObjectParts, sendObject } from "../../delivery/object.ts";
import type { Parameters } from "../parameters.ts";
import { drain } from "../../uploads/form.ts";
import type { Uploads } from "../../uploads/uploads.ts";
import { type Caller, callers } from "./caller.ts";
import { refusal, refusalOfBytes, succeeded } from "./envelope.ts";
import { fileItem, listed, offsetMax, timeText } from "./listing.ts";
import { Account, Listing, OnlyHash, parametersOf, read, Renaming, Update } from "./parameters.ts";
import { cloudFilesRoutes } from "./routes.ts";
import { sending } from "./sending.ts";
import type { RawRoute } from "../../raw-route.ts";

interface CloudFilesParts {
  readonly admission: Admission;
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly blob: BlobStore;
  readonly uploads: Uploads;
  readonly bytes: ObjectParts;
  /** The origin clients reach this instance by. */
  readonly addressOf: (request: HttpRequest) => string;
}

const UnknownOperation = failure("conflict", "cloudfiles.unknown_operation", "there is no such operation");

const waitMs = 30_000;
const linkMs = 3_600_000;
const family = "cloudfiles";

type Handler = (route: RawRoute, request: HttpRequest, reply: HttpReply) => Promise<unknown>;

/** The cloud-files-compatible API: accounts, files by their SHA-1, and an envelope that is told under 200. */
export function cloudFiles(server: HttpServer, parts: CloudFilesParts): void {
  const { client, blob, uploads, bytes, addressOf, admission } = parts;
  const accounts = client(auth);
  const files = client(drive);
  const known = callers(client, admission);

  /** Of somebody who is signed in, with what they say. */
  const own =
    (
      answer: (given: Parameters, caller: Caller, request: HttpRequest, reply: HttpReply) => Promise<unknown>,
    ): Handler =>
    async (route, request, reply) => {
      const given = await parametersOf(request);
      return answer(given, await known.begin(route, request, reply, given, waitMs), request, reply);
    };
  const account = async (route: RawRoute, request: HttpRequest, reply: HttpReply) => {
    const given = await parametersOf(request);
    const call = await admission.admit(route, route.group, request, reply, waitMs);
    return { call, given: { family, ...read(Account, given) } as const };
  };
  const fileOf = ({ filehash }: { readonly filehash: string }, { call }: Caller): Promise<KeptFile> =>
    files.byHash({ hash: { kind: "sha1", hex: filehash } }, call);
  const leadTo = (path: string): Handler => {
    return async (route, request, reply) => {
      await admission.admit(route, route.group, request, reply, waitMs);
      return reply.code(302).header("location", path).send();
    };
  };

  const answers: Readonly<Record<string, Handler>> = {
    signupPage: leadTo("/signup"),
    signinPage: leadTo("/login"),
    async signup(...asked) {
      const { call, given } = await account(...asked);
      await accounts.registerFor(given, call);
      return succeeded();
    },
    async signin(route, request, reply) {
      const { call, given } = await account(route, request, reply);
      const { username, token } = await accounts.loginFor(given, call);
      const entry = addressOf(request);
      return succeeded({
        Location: `${entry}/`,
        Username: username,
        Token: token,
        UploadEntry: entry,
        DownloadEntry: entry,
      });
    },
    info: own(async (_, { call, username }) => {
      const { email = "", phone = "", createdAtMs, activeAtMs } = await accounts.account({ userId: call.userId }, call);
      return succeeded({
        Username: username,
        Email: email,
        Phone: phone,
        SignupAt: timeText(createdAtMs ?? 0),
        LastActive: timeText(activeAtMs ?? createdAtMs ?? 0),
        Status: 0,
      });
    }),
    query: own(async (given, { call, username }) => {
      const { limit, offset } = read(Listing, given);
      if (limit === 0 || offset > offsetMax) return [];
      const { items } = await files.library({ limit: Math.min(limit, listed.max), offset }, call);
      return items.map((kept) => fileItem(username, kept));
    }),
    update: own(async (given, { call }) => {
      if (read(Update, given).op !== "0") throw UnknownOperation({});
      const { filehash, filename } = read(Renaming, given);
      await files.renameByHash({ hash: { kind: "sha1", hex: filehash }, name: filename }, call);
      return succeeded();
    }),
    download: own(async (given, caller, request, reply) => {
      const { id } = await fileOf(read(OnlyHash, given), caller);
      const { name, ...content } = await files.content({ id, isDownload: request.method === "GET" }, caller.call);
      return sendObject(request, reply, { ...content, attachment: name, isPublic: false }, bytes);
    }),
    downloadurl: own(async (given, caller, request, reply) => {
      const { id } = await fileOf(read(OnlyHash, given), caller);
      const { url } = await files.link({ id, expiresInMs: linkMs }, caller.call);
      return reply.type("text/plain; charset=utf-8").send(`${addressOf(request)}${url}`);
    }),
    ...sending({ admission, client, blob, uploads, callers: known }),
  };

  for (const route of cloudFilesRoutes) {
    const { verb, path, name } = route;
    const answer = answers[name];
    if (!answer) throw new Error(`${name} is answered by nobody`);
    server.route({
      method: verb === "GET" ? ["GET", "HEAD"] : "POST",
      url: path,
      declared: `${family}.${name}`,
      service: path.startsWith("/user/") ? "auth" : name.startsWith("download") ? "drive" : "upload",
      refuses: name === "download" ? refusalOfBytes : refusal,
      ...(verb === "POST" && { takes: "any" }),
      async handler(request, reply) {
        try {
          return await answer(route, request, reply);
        } catch (error) {
          if (verb === "POST") drain(request.raw);
          throw error;
        }
      },
    });
  }
  for (const url of ["/user/*", "/file/*"])
    server.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url,
      declared: `${family}.none`,
      refuses: refusal,
      sharesPath: true,
      takes: "any",
      async handler() {
        throw NoRoute({});
      },
    });
}
