import type { Belonging, Belongings, Kind } from "./belongings.ts";
import {
  bodyOf,
  type Document,
  form,
  isWrite,
  type Operation,
  resolved,
  sample,
  takesForm,
  type Verb,
} from "../../platform/platform.ts";

/** A request with ids of another account in it. */
export interface ForeignRequest {
  readonly operation: Operation;
  /** The place of the foreign id: `{id}`, `?folder_id` or `media_id` of a body. */
  readonly place: string;
  readonly target: Belonging;
  readonly isInPath: boolean;
  readonly verb: Verb;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | Buffer | undefined;
}

/** A common place has no account's thing: rows that administrators have, and places for all. */
type PlaceKind = Kind | "common";

/** The kind of an id in a path, by the path that ends with it. The first that fits counts. */
const inPaths: readonly (readonly [RegExp, PlaceKind])[] = [
  [/\/(?:admin|transfer|hashtags|categories|moderation\/(?:queue|appeals|notes))\/.*\{\w+\}$/, "common"],
  [/\/categories\/\{id\}$/, "common"],
  [/\/users\/(?:blacklist\/|followers\/)?\{id\}$/, "account"],
  [/\/users\/me\/follow-requests\/\{user_id\}$/, "account"],
  [/\{username\}$/, "name"],
  [/\/search\/history\/\{keyword\}$/, "searched"],
  [/\/streaming\/media\/\{id\}\/\{generation\}$/, "mediaGeneration"],
  [/\{generation\}$/, "generation"],
  [/\{generation\}\/\{file\}$/, "file"],
  [/\{profile\}$/, "profile"],
  [/\/media\/\{id\}\/captions\/\{captions\}$/, "captions"],
  [/\/media\/\{id\}$/, "media"],
  [/\/(?:videos|streaming|history)\/\{id\}$|\/\{video\}$/, "video"],
  [/\/transcode\/(?:cancel|status)\/\{id\}$/, "task"],
  [/\/comments\/\{id\}$/, "comment"],
  [/\/danmaku\/\{id\}$/, "danmaku"],
  [/\/gates\/\{kind\}\/\{id\}$/, "video"],
  [/\/gates\/\{kind\}\/\{id\}\/invited\/\{user_id\}$/, "account"],
  [/\/playlists\/\{id\}$/, "playlist"],
  [/\/favorite-folders\/\{id\}$/, "favouriteFolder"],
  [/\/lives\/\{id\}$/, "live"],
  // The room comes before it: a refusal for the room holds for any id here.
  [/\/lives\/\{id\}\/(?:messages|held)\/\{\w+\}$/, "common"],
  [/\/lives\/\{id\}\/(?:moderators|mutes|bans|guests)\/\{user_id\}$/, "account"],
  [/\/hls\/\{file\}$/, "liveFile"],
  // A right to watch of its own, whatever the account.
  [/\/lives\/\{id\}\/t\/\{token\}$/, "common"],
  // Known to those alone who began the connection; it is the right to end it.
  [/\/(?:whip|whep)\/\{session\}$/, "common"],
  // The token of a runner, which is no account's, comes before it: src/services/transcoder/runners/runners.test.ts.
  [/\/runners\/jobs\/\{id\}$/, "common"],
  [/\/outputs\/\{sha256\}$/, "common"],
  [/\/products\/\{pid\}$/, "product"],
  [/\/reservations\/\{rid\}$/, "reservation"],
  // A name that nobody can guess, of the caller's own export: src/gateway/export/snapshot.test.ts.
  [/\/users\/me\/export\/\{id\}$/, "common"],
  [/\/drive\/shares\/\{id\}$/, "share"],
  [/\/drive\/tasks\/\{id\}$/, "driveTask"],
  [/\/drive\/\{id\}$/, "entry"],
  [/\/upload\/import\/\{id\}$/, "import"],
  [/\/upload\/\{id\}$/, "upload"],
  [/\/tus\/\{id\}$/, "tus"],
  [/\/messages\/\{id\}$/, "message"],
  [/\/conversations\/\{id\}$/, "conversation"],
  [/\/notifications\/\{id\}$/, "notification"],
  [/\/sessions\/\{id\}$/, "session"],
  [/\/auth\/invitations\/\{id\}$/, "invitation"],
  [/\/auth\/tokens\/\{id\}$/, "personalToken"],
  [/\/auth\/passkeys\/\{id\}$/, "passkey"],
  [/\/auth\/wallets\/\{id\}$/, "wallet"],
  // A provider of the configuration; its users and links have no ids here.
  [/\/auth\/oidc\/\{id\}$/, "common"],
  [/\/nft\/\{token_id\}$/, "common"],
  [/\/upload\/files\/\{hash\}$/, "hash"],
  [/\/instance\/icons\/\{name\}$/, "common"],
  [/\/cache\/policies\/\{name\}$/, "common"],
];
/** Parts of paths that are no ids, with the value for the ids behind them. */
const words: Readonly<Record<string, string>> = { kind: "video" };

/** The kind of an id in a query or a body, by path and field. */
const inFields: readonly (readonly [RegExp, PlaceKind])[] = [
  [/^\/api\/v1\/(?:admin|transfer)\b/, "common"],
  [/ (?:category_id|gift_id|chain_id|token_id)$/, "common"],
  // Good once, for its own wallet: src/services/auth/wallet-login/wallet-login.adapter.test.ts.
  [/ challenge_id$/, "common"],
  [/\/users\/me\/videos ids$/, "video"],
  [/ playlist_id$/, "playlist"],
  [/ media_id$/, "media"],
  [/\/playlists\/\S* after_id$| video_id$/, "video"],
  [/\/(?:favorites?|videos)\S* folder_id$/, "favouriteFolder"],
  [/ (?:folder_id|entry_id)$|\/drive\/\S* ids$|\/shares\/zip ids$/, "entry"],
  [/ (?:user_ids?|receiver_id|to_user_id|actor_id)$/, "account"],
  [/ case_id$/, "case"],
  [/ (?:parent_id|comment_id)$/, "comment"],
  [/ (?:upload_id|uploadid)$/, "upload"],
  [/ task_id$/, "task"],
  [/\/(?:reports|moderation\/decisions) id$/, "video"],
  [/\/file\/\S* filehash$/, "shortHash"],
  [/ file_hash$/, "hash"],
  // Good once, for its own account or sign-in: src/services/auth/passkeys/passkeys.test.ts.
  [/ challenge_id$/, "common"],
];
const isIdField = (name: string): boolean => /(?:^|_)ids?$|hash$|^uploadid$/.test(name) && name !== "chkhash";

function kindIn(places: typeof inPaths, place: string, subject: string): PlaceKind {
  const kind = places.find(([pattern]) => pattern.test(place))?.[1];
  if (kind === undefined)
    throw new TypeError(
      `${subject} takes an id at ${place}: say in test/security/ownership/foreign-ids.ts what it is an id of`,
    );
  return kind;
}

interface Place {
  readonly name: string;
  readonly in: "path" | "query" | "body";
  readonly kind: PlaceKind;
}

/** Bodies that the document does not describe. */
const undescribed = (operation: Operation): string[] =>
  /^resumable\.(?!.*(?:login|register))/i.test(operation.operationId) && isWrite(operation)
    ? ["file_hash", "upload_id", "task_id"]
    : [];

/** The places of ids in an operation. @throws TypeError for one that nothing is known of */
export function placesOf(document: Document, operation: Operation): Place[] {
  const { path, verb, parameters = [], requestBody } = operation;
  const subject = `${verb} ${path}`;
  const content = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema ?? {});
  const fields = content.flatMap((schema) => Object.keys(resolved(document, schema).properties ?? {}));
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].flatMap(({ 1: name = "", index }): Place[] => {
    if (Object.hasOwn(words, name)) return [];
    const upTo = path.slice(0, index + name.length + 2);
    return [{ name, in: "path", kind: kindIn(inPaths, upTo, subject) }];
  });
  const field =
    (where: "query" | "body") =>
    (name: string): Place => ({
      name,
      in: where,
      kind: kindIn(inFields, `${path} ${name}`, subject),
    });
  const queried = parameters.filter((one) => one.in === "query").map(({ name }) => name);
  const sent = [...new Set([...fields, ...undescribed(operation)])];
  return [...inPath, ...queried.filter(isIdField).map(field("query")), ...sent.filter(isIdField).map(field("body"))];
}

/** Further fields that the compatible APIs need in a query, so that they look at the id. */
const usual: Readonly<Record<string, string>> = {
  action_type: "1",
  comment_text: "x",
  content: "x",
  filename: "x",
  filesize: "38",
  op: "0",
  index: "1",
  title: "x",
};

/**
 * Each way to put ids of another account into an operation: into all its path, into one part of a path of one's own, and
 * into each field; with all that a body may have, and with as little.
 */
export function foreignRequests(
  document: Document,
  operation: Operation,
  { own, foreign }: { readonly own: Belongings; readonly foreign: Belongings },
): ForeignRequest[] {
  const places = placesOf(document, operation);
  const common: Belonging = { value: "1", isPrivate: false };
  const of = (belongings: Belongings, { kind }: Place): readonly Belonging[] =>
    kind === "common" ? [common] : belongings[kind];
  const inPath = places.filter((place) => place.in === "path");
  const schema = bodyOf(operation);
  const { properties = {}, required = [] } = resolved(document, schema ?? {});
  const hasOptions = Object.keys(properties).length > required.length;
  const requests: ForeignRequest[] = [];
  const add = (place: Place, target: Belonging, foreignPlaces: readonly Place[]) => {
    const valueOf = (one: Place): string => {
      if (one === place) return target.value;
      return (foreignPlaces.includes(one) ? of(foreign, one) : of(own, one))[0]?.value ?? "";
    };
    requests.push(requestOf(document, operation, { places, place, target, valueOf, isWhole: true }));
    if (hasOptions) requests.push(requestOf(document, operation, { places, place, target, valueOf, isWhole: false }));
  };
  for (const place of places)
    for (const target of of(foreign, place)) {
      if (place === inPath[0]) add(place, target, inPath);
      else if (target.isPrivate) add(place, target, []);
    }
  return requests;
}

const withWords = (path: string): string =>
  Object.entries(words).reduce((at, [name, value]) => at.replace(`{${name}}`, value), path);

function requestOf(
  document: Document,
  operation: Operation,
  chosen: {
    readonly places: readonly Place[];
    readonly place: Place;
    readonly target: Belonging;
    readonly valueOf: (place: Place) => string;
    /** True for a body with optional fields. */
    readonly isWhole: boolean;
  },
): ForeignRequest {
  const { places, place, target, valueOf, isWhole } = chosen;
  const { verb, path, parameters = [] } = operation;
  const url = places
    .filter((one) => one.in === "path")
    .reduce((at, one) => at.replace(`{${one.name}}`, encodeURIComponent(valueOf(one))), withWords(path));
  const isNative = /^\/(?:api\/v1|feeds)\//.test(path);
  const query = new URLSearchParams();
  for (const { name } of parameters.filter((one) => one.in === "query")) {
    const known = places.find((one) => one.in === "query" && one.name === name);
    // A field of one's own is left out, as it would hide the other.
    if (known === place) query.set(name, target.value);
    else if (!isNative && usual[name] !== undefined) query.set(name, usual[name]);
    else if (name === "bucket") query.set(name, "0");
  }
  const shared = {
    operation,
    verb,
    target,
    place: place.in === "path" ? `{${place.name}}` : place.in === "query" ? `?${place.name}` : place.name,
    isInPath: place.in === "path",
    url: query.size > 0 ? `${url}?${query.toString()}` : url,
  };
  const tus = path.startsWith("/api/v1/tus") ? { "tus-resumable": "1.0.0", "upload-offset": "0" } : {};
  if (verb === "PATCH" || path === "/api/v1/tus/{id}") {
    const type = { "content-type": "application/offset+octet-stream" };
    // Clients that have no PATCH say it in a header.
    const override = verb === "POST" ? { "x-http-method-override": "PATCH" } : {};
    const body = verb === "PATCH" || verb === "POST" ? Buffer.from("x") : undefined;
    return { ...shared, headers: { ...tus, ...type, ...override }, body };
  }
  if (!isWrite(operation)) return { ...shared, headers: tus, body: undefined };
  const schema = bodyOf(operation);
  const { required = [] } = resolved(document, schema ?? {});
  const whole = schema ? (sample(document, schema) as Record<string, unknown>) : {}; // A body's schema is an object.
  const described = Object.fromEntries(Object.entries(whole).filter(([name]) => isWhole || required.includes(name)));
  const fields = places
    .filter((one) => one.in === "body")
    .map((one) => {
      const wanted = resolved(document, schema ?? {}).properties?.[one.name];
      const isNumber = one.kind !== "hash" && one.kind !== "shortHash";
      const value = isNumber ? Number(valueOf(one)) : valueOf(one);
      return [one.name, wanted?.type === "array" ? [value] : value] as const;
    });
  // A body that names things of one's own beside the other is taken for what it names first.
  const body = {
    ...described,
    ...Object.fromEntries(fields.filter(([name]) => place.in !== "body" || name === place.name || name in described)),
  };
  if (!takesForm(operation) || schema) return { ...shared, headers: { ...tus }, body };
  const texts = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
  const sent = form(
    { name: "x.txt", bytes: Buffer.from("x") },
    { purpose: "drive", index: "0", ...neededInForm(document, operation), ...texts },
    path.includes("chunk") ? "chunk" : "file",
  );
  return { ...shared, headers: sent.headers, body: sent.body };
}

/** The fields that a form needs beside its file. */
function neededInForm(document: Document, { requestBody }: Operation): Record<string, string> {
  const { properties = {}, required = [] } = resolved(
    document,
    requestBody?.content["multipart/form-data"]?.schema ?? {},
  );
  return Object.fromEntries(
    required.flatMap((name) => {
      const schema = properties[name];
      return schema && schema.format !== "binary" ? [[name, String(sample(document, schema, name))]] : [];
    }),
  );
}
