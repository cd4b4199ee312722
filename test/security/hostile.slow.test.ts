import assert from "node:assert/strict";
import { connect } from "node:net";
import { validateHeaderValue } from "node:http";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { inTurn, isNightly } from "#test/depth";
import {
  type Account,
  clip,
  type Document,
  form,
  type Operation,
  operationsOf,
  Platform,
} from "../platform/platform.ts";
import { bodyOf, sample, type Verb } from "../platform/platform.ts";
import { seed as firstSeed } from "./seed.ts";
import { smuggled } from "./smuggled.ts";

/** The number of inputs for each seed; 20,000 in all in the long run. */
const inputs = 5_000;
const seeds = (isNightly ? [0, 1, 2, 3] : [0]).map((more) => firstSeed + more);
const msMax = 2_000;
/** How many are under way at once. */
const abreast = 16;

describe("hostile input", () => {
  before(async () => {
    await platform.open();
    port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
    document = await platform.document();
    [mira, loose] = [await platform.join(), await platform.join()];
    const response = await platform.upload(
      "/api/v1/videos",
      mira.token,
      { name: "a.mp4", bytes: await clip("one-frame.mp4") },
      { title: "Sea" },
    );
    videoId = Number(response.data["id"]);
    mediaId = Number(response.data["media_id"]);
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("is answered within 2 s without internal errors, and refused in the standard envelope (S1.5, S1.6)", {
    timeout: 600_000,
  }, async () => {
    const operations = operationsOf(document);
    const statuses = new Map<number, number>();
    const slow = new Map<string, Request>();
    for (const seed of seeds) {
      const sample = fc.sample(requests(operations), { seed, numRuns: inputs });
      for (let at = 0; at < sample.length; at += abreast)
        await Promise.all(
          sample.slice(at, at + abreast).map(async (request, place) => {
            const subject = `seed ${seed}, input ${at + place}: ${JSON.stringify(request).slice(0, 600)}`;
            const began = performance.now();
            const answer = await send(request);
            if (performance.now() - began > msMax) slow.set(subject, request);
            statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
            complain(answer, request.method, subject);
          }),
        );
    }
    for (const [subject, request] of slow)
      assert.ok(await isQuick(request), `it takes more than ${msMax} ms: ${subject}`);
    // Refusals alone would prove nothing: some of it reaches the services and is done.
    for (const status of [200, 400, 401, 404])
      assert.ok((statuses.get(status) ?? 0) > 50, `${status}: ${JSON.stringify([...statuses])}`);
  });

  it("causes no internal error as unstorable text in any field or path of any route (S1.5)", {
    timeout: 600_000,
  }, async () => {
    let fields = 0;
    let place = 0;
    const next = () => inTurn(unstorable, place++ % unstorable.length);
    for (const operation of operationsOf(document)) {
      const { verb, path } = operation;
      const schema = bodyOf(operation);
      const things = path.includes("/media/") ? mediaId : videoId;
      // Its own video stays there for the others.
      const own = path.includes("/users/") ? "me" : String(verb === "DELETE" ? 5 : things);
      const ask = (at: string, body: unknown) =>
        platform.ask(at, {
          method: verb,
          token: path.endsWith("/logout") ? loose.token : mira.token,
          ...(verb !== "GET" && body !== undefined && { body }),
        });
      const base = schema ? (sample(document, schema) as Record<string, unknown>) : undefined; // A body's schema is an object.
      const url = path.replaceAll(/\{(?:id|video)\}/g, own);
      if (base) {
        const whole = await ask(url, base);
        assert.notEqual(whole.body["error"], "kernel.invalid_input", `${verb} ${path}: ${whole.text}`);
      }
      for (const [name, value] of Object.entries(base ?? {}))
        for (const text of next()) {
          const bad = Array.isArray(value) ? [text] : text;
          complain(await ask(url, { ...base, [name]: bad }), verb, `${verb} ${path} ${name} ${JSON.stringify(text)}`);
          fields += 1;
        }
      for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g))
        for (const text of next()) {
          const escaped = encodeURIComponent(text.toWellFormed());
          const at = path
            .replace(`{${name}}`, escaped)
            .replace("{id}", own)
            .replaceAll(/\{\w+\}/g, "g1");
          complain(await ask(at, base), verb, `${verb} ${path} ${name} ${escaped}`);
        }
      for (const name of ["cursor", "page", "limit", "token"])
        for (const text of next()) {
          const escaped = encodeURIComponent(text.toWellFormed());
          complain(await ask(`${url}?${name}=${escaped}`, base), verb, `${verb} ${url} ${name} ${escaped}`);
        }
    }
    assert.ok(fields > 200, `${fields} fields`);
  });

  it("causes no internal error in a form, and leaves no space reserved for an incomplete file (S1.5, S4.6)", async () => {
    const files = fc.record({
      name: text,
      field: fc.oneof({ weight: 4, arbitrary: fc.constant("file") }, text),
      fields: fc.dictionary(fc.oneof(fc.constantFrom("title", "purpose", "file_id", "__proto__"), text), text, {
        maxKeys: 4,
      }),
      bytes: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...starts)),
      cut: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(400)),
      type: fc.constantFrom("video/mp4", "text/html", "", "a/b; c=\u00ff"),
      path: fc.constantFrom("/api/v1/videos", "/api/v1/media/upload", "/api/v1/upload", "/api/v1/upload/chunk"),
      contentType: fc.constantFrom(
        undefined,
        undefined,
        undefined,
        undefined,
        "multipart/form-data",
        "multipart/form-data; boundary=",
      ),
    });
    const reserved = async () =>
      (await platform.ask("/api/v1/upload/usage", { token: mira.token })).data["reserved_bytes"];
    const before = await reserved();
    for (const [place, { path, fields, field, cut, contentType, ...file }] of fc
      .sample(files, { seed: firstSeed + 6, numRuns: 400 })
      .entries()) {
      const { body, headers } = form(file, fields, field);
      const answer = await platform.ask(path, {
        method: "POST",
        token: mira.token,
        body: body.subarray(0, body.byteLength - cut),
        headers: contentType === undefined ? headers : { "content-type": contentType },
      });
      complain(answer, "POST", `form ${place}: ${JSON.stringify({ file, fields, field, cut, contentType })}`);
    }
    assert.equal(await reserved(), before);
  });

  it("has no request hidden in it that is done", { timeout: 300_000 }, async () => {
    // An account of its own: hostile input may have ended the session of another.
    const noor = await platform.join();
    const film = { name: "b.mp4", bytes: await clip("one-frame.mp4") };
    const { data } = await platform.upload("/api/v1/videos", noor.token, film, { title: "Shore" });
    const path = `/api/v1/videos/${Number(data["id"])}`;
    const hidden = `DELETE ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${noor.token}\r\n\r\n`;
    const outer = ["/api/v1/users/login", "/api/v1/upload", "/douyin/user/login", "/nothing"];
    const cases = outer.flatMap((one) => smuggled(one, hidden));
    for (let at = 0; at < cases.length; at += abreast)
      await Promise.all(cases.slice(at, at + abreast).map(({ bytes }) => sent(port, bytes)));
    const own = await platform.ask(path, { token: noor.token });
    assert.equal(own.status, 200, own.text);
  });

  it("is refused with 4xx in the envelope when it violates HTTP", async () => {
    const cases = [
      "GET / HTTP/9.9\r\n\r\n",
      "\r\n\r\nnonsense\r\n\r\n",
      "GET /api/v1/instance HTTP/1.1\r\n\r\n",
      "GET /api/v1/instance HTTP/1.1\r\nHost: x\r\nx-a: \u0000\r\n\r\n",
      `GET /api/v1/instance HTTP/1.1\r\nHost: x\r\nx-a: ${"a".repeat(100_000)}\r\n\r\n`,
      `GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      "POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
      "POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\ncontent-length: -1\r\n\r\n",
      "GET /api/v1/users/1 HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\nconnection: close\r\n\r\n",
    ];
    for (const text of cases) {
      const [head = "", body = ""] = (await exchange(port, text)).split("\r\n\r\n", 2);
      const status = Number(head.match(/^HTTP\/1\.1 (\d{3})/)?.[1]);
      assert.ok(status >= 400 && status < 500, `${text.slice(0, 80)}: ${head}`);
      // Bytes after the first answer belong to a second request.
      const length = Number(head.match(/^content-length: (\d+)/im)?.[1]);
      const envelope = JSON.parse(body.slice(0, length)) as Record<string, unknown>;
      assert.deepEqual([envelope["code"], envelope["data"]], [status, null], text.slice(0, 80));
      assert.match(String(envelope["error"]), stableCode);
      assert.match(String(envelope["trace_id"]), /^[0-9a-f]{32}$/);
      assert.match(head, /x-content-type-options: nosniff/i, text.slice(0, 80));
    }
  });
});

const platform = new Platform();
let document: Document;
let mira: Account;
let loose: Account;
let port = 0;
let videoId = 0;
let mediaId = 0;

const stableCode = /^[a-z]+\.[a-z_]+$/;
/** Internals that no answer may contain: stack frames, paths of this machine, SQL, words of the database. */
const inside =
  /\n\s+at |\.(?:ts|js|mjs):\d|node_modules|\/(?:work|tmp|home|usr|root|src)\/|\b(?:select|insert|update|delete)\b.*\b(?:from|into|set)\b|SQLSTATE|relation "|column "|syntax error at|byte sequence|violates|out of range for type|FST_|ECONN|Error:/i;

function complain(answer: Awaited<ReturnType<typeof send>>, method: string, subject: string): void {
  const { status, text, body, headers } = answer;
  // oEmbed 1.0 §2.3.2: a format that is not offered is 501, and no fault of the server.
  const isOtherFormat = status === 501 && (method === "HEAD" || text.includes('"open.only_json"'));
  assert.ok(status < 500 || isOtherFormat, `${status} ${text} for ${subject}`);
  assert.equal(headers["x-content-type-options"], "nosniff", subject);
  if (status < 400 || method === "HEAD") return;
  assert.doesNotMatch(text, inside, subject);
  if (body["error"] === undefined && /"url":"\/douyin\//.test(subject)) {
    const { status_code: code, status_msg: msg, ...others } = body;
    const always = "token" in others ? { user_id: 0, token: "" } : {};
    assert.deepEqual([Number.isInteger(code) && code !== 0, typeof msg, others], [true, "string", always], subject);
    return;
  }
  if (body["error"] === undefined && foreign.test(subject)) {
    // Compatible APIs have their own fields, and none of ours besides.
    const { code, msg, data = null, missing_chunks: _, ...others } = body;
    if (/\/api\/v1\/tus/.test(subject)) assert.match(text, /^[a-z ,.0-9]{1,100}$/, subject);
    else assert.deepEqual([Number.isInteger(code), typeof msg, data, others], [true, "string", null, {}], subject);
    return;
  }
  // The page of the app, for a path that is none of the API's.
  if (text.startsWith("<!doctype html>")) {
    assert.equal(status, 404, subject);
    return;
  }
  const { code, message, data, error, errors = [], details = {}, trace_id: trace, ...others } = body;
  assert.deepEqual([code, data, others], [status, null, {}], `${text} for ${subject}`);
  assert.match(String(error), stableCode, subject);
  assert.match(String(trace), /^[0-9a-f]{32}$/, subject);
  assert.ok(typeof message === "string" && message.length < 200 && Array.isArray(errors), subject);
  assert.ok(typeof details === "object" && details !== null && !Array.isArray(details), subject);
}

const foreign = /\/(?:api\/v1\/tus|api\/video|upload|file|user|(?:api\/)?(?:login|register|profile))\b/;

const starts = [
  Buffer.from("<!doctype html><script>alert(1)</script>"),
  Buffer.from("#EXTM3U\n#EXT-X-TARGETDURATION:1\nfile:///etc/passwd\n"),
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypisom"), Buffer.alloc(200)]),
  Buffer.concat([Buffer.from("GIF89a"), Buffer.alloc(200)]),
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(200)]),
];

const traversal = ["../../etc/passwd", "..\\..\\windows\\win.ini", "....//....//etc/passwd", "/etc/passwd\u0000.mp4"];
const sql = [
  "' OR 1=1 --",
  "'; DROP TABLE users; --",
  '"; SELECT pg_sleep(5); --',
  "1) UNION SELECT password_hash FROM credentials --",
  "$1",
  "%_\\",
];
const odd = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "a\udc00b",
  "\uffff\ufffe",
  "\u202eabc",
  "\u200b",
  "é".repeat(60),
  "👨‍👩‍👧‍👦".repeat(20),
  "ﷺ".repeat(50),
  "{{7*7}}${7*7}<%= 7*7 %>",
  "<script>alert(1)</script>",
  "a\r\nset-cookie: x=y",
  "null",
  "undefined",
  "true",
  "me",
  "[]",
  "{}",
  "[object Object]",
  "__proto__",
  "constructor",
];
/** Each field and parameter gets one of these in each run, and all at night. */
const unstorable = ["\u0000", "\ud800", "\udfff\ud800", "\uffff", "\u202e\u0007"].flatMap((text) => [
  text,
  `some${text}thing`,
]);
const numbers = [0, -1, 1, 0.1, -0, 1e21, 1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 - 1, 2 ** 63, -(2 ** 63)];
const numberTexts = [
  "NaN",
  "Infinity",
  "-Infinity",
  "1e400",
  "0x10",
  "0b1",
  "1_000",
  "٣",
  " 1",
  "1 ",
  "+1",
  "1.",
  ".1",
  "9".repeat(30),
  "9223372036854775808",
  "-9223372036854775809",
  "1e1",
  "00001",
];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...traversal, ...sql, ...odd, ...numberTexts) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.nat(3).map((power) => "A".repeat(60 * 10 ** power)) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
      .map((units) => String.fromCharCode(...units)),
  },
);
const scalar = fc.oneof(text, fc.constantFrom<unknown>(...numbers, null, true, false), fc.double());
const deep = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(text, scalar, { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(deep(10), deep(63), deep(70), deep(3_000)) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 2_000 }, (_, i) => i)) },
);

interface Request {
  readonly method: Verb;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly who: "nobody" | "mira";
}

/** The ways a text gets into a path: as it is, encoded once, twice, in part, over-long, as UTF-16 … */
const encodings: readonly ((text: string) => string)[] = [
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => encodeURIComponent(encodeURIComponent(text.toWellFormed())),
  (text) => text.replaceAll(/[^\x21-\x7e]|[?#]/g, ""),
  (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  (text) =>
    [...Buffer.from(text, "utf16le")].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  (text) =>
    text
      .replaceAll(".", "%2e")
      .replaceAll("/", "%2f")
      .replaceAll(/[^\x21-\x7e]/g, "%c0%af"),
  (text) =>
    text
      .replaceAll(".", "%252e")
      .replaceAll("/", "%5c")
      .replaceAll(/[^\x21-\x7e]/g, "%"),
  (text) =>
    text
      .replaceAll("..", "%c0%ae%c0%ae")
      .replaceAll("/", "%u2215")
      .replaceAll(/[^\x21-\x7e]/g, "%zz"),
];
const inPath = fc
  .tuple(text, fc.constantFrom(...encodings))
  .map(([raw, encode]) => encode(raw.slice(0, 700)).slice(0, 2_000));

const headers = fc.dictionary(
  fc.constantFrom(
    "host",
    "cookie",
    "range",
    "origin",
    "accept",
    "if-range",
    "traceparent",
    "if-none-match",
    "authorization",
    "x-request-id",
    "idempotency-key",
    "x-forwarded-for",
    "x-forwarded-host",
    "content-encoding",
    "x-kinora-session",
    "accept-language",
    "x-http-method-override",
    "expect-ct",
  ),
  fc.oneof(
    text,
    fc.constantFrom(
      "bytes=0-0",
      "bytes=-1",
      "bytes=9-1",
      `bytes=${"1-2,".repeat(2_000)}`,
      "Bearer x.y.z",
      "kinora_access=x",
      "cookie",
    ),
  ),
  { maxKeys: 2 },
);

function requests(operations: readonly Operation[]): fc.Arbitrary<Request> {
  // Hashing a password is slow on purpose, so fewer of these.
  const weight = ({ "x-rate": rate }: Operation) => (rate === "login" ? 1 : 6);
  const knownRequests = fc.oneof(
    ...operations.map((operation) => ({ weight: weight(operation), arbitrary: to(operation) })),
  );
  const unknown = fc.record({
    method: fc.constantFrom<Verb>("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
    url: fc
      .tuple(fc.constantFrom("/", "/api/", "/api/v1/", "/assets/", "//", "/api/v1/streaming/1/"), inPath)
      .map((parts) => parts.join("")),
    headers,
    body: fc.option(text, { nil: undefined }),
    who: fc.constantFrom<Request["who"]>("nobody", "mira"),
  });
  return fc.oneof({ weight: 12, arbitrary: knownRequests }, { weight: 1, arbitrary: unknown });
}

function to(operation: Operation): fc.Arbitrary<Request> {
  const { verb, path, parameters = [] } = operation;
  const schema = bodyOf(operation);
  const base = schema ? (sample(document, schema) as Record<string, unknown>) : {}; // A body's schema is an object.
  const fields = Object.keys(base);
  const spoilt = fc
    .array(fc.tuple(fc.oneof(fc.constantFrom("__proto__", "constructor", ...fields), text), value), { maxLength: 3 })
    .map((changes) => ({ ...base, ...Object.fromEntries(changes) }));
  const json = fc.oneof(
    { weight: 6, arbitrary: spoilt.map((given) => JSON.stringify(given)) },
    { weight: 1, arbitrary: value.map((given) => JSON.stringify(given)) },
    { weight: 1, arbitrary: text },
    {
      weight: 1,
      arbitrary: spoilt.map((given) =>
        JSON.stringify(given).replace(/^\{/, '{"__proto__":{"role":"admin"},"id":1,"id":2,'),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "null",
        "[]",
        "1",
        '"x"',
        "",
        "{",
        '{"a":1e999}',
        "\ufeff{}",
        `{"a":${"[".repeat(30_000)}`,
      ),
    },
  );
  const real = path.includes("/media/") ? mediaId : videoId;
  const segment = (name: string) =>
    fc.oneof(
      inPath,
      // Its own content stays there for the others.
      fc.constant(String(verb === "DELETE" || name !== "id" ? 5 : /\/users\//.test(path) ? "me" : real)),
    );
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const queried = [
    "page",
    "page_size",
    "cursor",
    "limit",
    "token",
    "skip",
    "count",
    ...parameters.filter((p) => p.in === "query").map((p) => p.name),
  ];
  const query = fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...queried), inPath), inPath), { maxLength: 4 })
    .map((pairs) => pairs.map(([name, given]) => `${name}=${given}`).join("&"));
  return fc.record({
    method: fc.oneof(
      { weight: 12, arbitrary: fc.constant(verb) },
      fc.constantFrom<Verb>("HEAD", "OPTIONS", "PATCH", "POST"),
    ),
    url: fc.tuple(query, ...names.map(segment)).map(([asked, ...given]) => {
      const filled = names.reduce((at, name, i) => at.replace(`{${name}}`, () => given[i] ?? ""), path);
      return asked === "" ? filled : `${filled}?${asked}`;
    }),
    headers: fc.oneof(
      { weight: 3, arbitrary: fc.constant({ "content-type": "application/json" }) },
      headers.map((given) => ({ "content-type": "application/json", ...given })),
      fc.constantFrom(
        { "content-type": "text/plain" },
        { "content-type": "application/json; charset=utf-16" },
        { "content-type": ";;;" },
      ),
    ),
    body: verb === "GET" ? fc.constant(undefined) : json,
    who: fc.constantFrom<Request["who"]>("mira", "mira", "nobody"),
  });
}

async function send({ method, url, headers: given, body, who }: Request) {
  // A request that Node refuses to send cannot reach a server through it either.
  const headers = Object.fromEntries(Object.entries(given).filter(([name, text]) => isSendable(name, text)));
  // The user that logs out is not the one who sends the rest.
  const { token } = /\/logout/.test(url) ? loose : mira;
  return platform.ask(url, {
    method,
    headers: { ...(who === "mira" && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body }),
  });
}

/** An expensive request takes long each time; a machine that is busy with something else does not. */
async function isQuick(request: Request): Promise<boolean> {
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    await send(request);
    if (performance.now() - began <= msMax) return true;
  }
  return false;
}

function isSendable(name: string, text: string): boolean {
  try {
    validateHeaderValue(name, text);
    return true;
  } catch {
    return false;
  }
}

/** Sends bytes over a connection of its own, and ends it a second after the first answer. */
const sent = (port: number, bytes: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.once("data", () => setTimeout(() => socket.destroy(), 1_000));
    socket.on("error", () => undefined).once("close", () => resolve());
    setTimeout(() => socket.destroy(), 15_000).unref();
  });

/** Sends text over a connection of its own and yields all that comes back. */
const exchange = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8");
    socket.on("data", (part: string) => {
      answer += part;
      if (/\}(?:\r\n0\r\n\r\n)?$/.test(answer)) socket.end();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
