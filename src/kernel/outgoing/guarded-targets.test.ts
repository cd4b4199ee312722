import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { after, before, beforeEach, describe, it } from "node:test";
import { silentLog } from "#kernel/log/port";
import { selfSigned } from "#kernel/http/self-signed";
import { type Connect, createConnector, type Endpoint } from "./connect.ts";
import { createGuardedOutgoing } from "./guarded.ts";
import type { OutgoingRequest } from "./port.ts";

/*
 * S5.1: no address that a user gives reaches what only this machine can reach. The canary is a server on loopback; the
 * first test also shows that it receives requests where loopback is allowed.
 */
describe("an outgoing request", () => {
  before(async () => {
    await Promise.all(servers.map(listen));
    port = portOf(canary);
  });
  beforeEach(() => {
    hits.length = 0;
    lookups.length = 0;
    endpoints.length = 0;
    names = {};
    routes = {};
  });
  after(() => Promise.all(servers.map(close)));

  it("never reaches loopback, in any spelling of its address (S5.1)", async () => {
    assert.ok(spellings.length > 60, `${spellings.length} spellings`);
    for (const spelling of spellings) await refused(spelling);
    assert.deepEqual([hits, endpoints], [[], []]);
    const open = guard(["127.0.0.0/8", "::1"]);
    for (const spelling of spellings)
      await open
        .ask(at(spelling), limits)
        .then(read, (error: Error) => assert.match(error.message, /this address|what is/));
    assert.ok(hits.length > 30, `the canary sang ${hits.length} times where it may`);
  });

  it("uses only http and https, and no credentials in the address", async () => {
    const others = "file:///etc/passwd ftp://public.test/ gopher://public.test/ data:text/plain,x ws://public.test/";
    const broken = "javascript:1 blob:http://public.test/x unix:/run/x //public.test/ public.test http://";
    const signed = "http://user@public.test/ http://:secret@public.test/ https://user:secret@public.test/";
    for (const url of [...[others, broken, signed].join(" ").split(" "), "", `http://public.test/${"x".repeat(5_000)}`])
      await refused(url);
    assert.deepEqual([lookups, endpoints], [[], []]);
  });

  it("is refused when any address of a name is not public, in any order", async () => {
    for (const addresses of [
      ["93.184.216.34", "127.0.0.1"],
      ["10.0.0.1", "93.184.216.34"],
      ["93.184.216.34", "2606:4700::1", "fd00::1"],
      ["169.254.169.254"],
      ["::ffff:93.184.216.34"],
      ["not an address"],
      Array.from({ length: 40 }, () => "93.184.216.34"),
    ]) {
      names = { "mixed.test": [addresses] };
      await refused("http://mixed.test/");
    }
    assert.deepEqual(endpoints, []);
  });

  it("has the same refusal for an unknown name as for a private one", async () => {
    const private_ = await refusal("http://private.test/");
    assert.deepEqual(await refusal("http://nobody.test/"), private_);
    assert.deepEqual(private_, {
      code: "outgoing.refused",
      message: "this address cannot be asked",
      http: 400,
      details: {},
    });
  });

  it("resolves a name once and connects to the address it checked (S5.1)", async () => {
    names = { "changing.test": [["93.184.216.34"], ["127.0.0.1"]] };
    const { status, url } = await answer("http://changing.test/x?y#z");
    assert.deepEqual([status, url], [200, "http://changing.test/x?y"]);
    assert.deepEqual(lookups, ["changing.test"]);
    assert.deepEqual(endpoints, [{ address: "93.184.216.34", port: 80, isSecure: false, name: "changing.test" }]);
    assert.deepEqual(
      hits.map(({ host, url: path }) => [host, path]),
      [["changing.test", "/x?y"]],
    );
  });

  it("resolves and checks a name again when a redirect leads back to it", async () => {
    names = { "changing.test": [["93.184.216.34"], ["127.0.0.1"]] };
    routes = { "/": "http://changing.test/again" };
    await refused("http://changing.test/");
    assert.deepEqual([lookups.length, endpoints.length, hits.length], [2, 1, 1]);
  });

  it("follows no redirect to an address that it would refuse (S5.1)", async () => {
    const odd = "http://private.test/ file:///etc/passwd http://user:x@public.test/ //127.0.0.1/ gopher://x/";
    const ours = spellings.filter((spelling) => /^https?:/.test(spelling)).map((spelling) => at(spelling).trim());
    for (const location of [...ours, ...odd.split(" ")]) {
      // Not what no header can say, nor what is a path of the same place when it is said by one.
      if (!/^[\u0020-\u007e]+$/.test(location) || /^http:[^/\\]/.test(location)) continue;
      hits.length = 0;
      routes = { "/": location };
      await refused("http://public.test/");
      assert.equal(hits.length, 1, location);
    }
  });

  it("follows at most three redirects, and none for a request with a body", async () => {
    routes = { "/": "/1", "/1": "http://other.test/2", "/2": "3", "/3": "/4" };
    await failed("http://public.test/");
    assert.equal(hits.length, 4);
    delete routes["/3"];
    assert.equal((await answer("http://public.test/")).url, "http://other.test/3");
    hits.length = 0;
    await failed("http://public.test/", { method: "POST", body: "x" });
    routes = { "/": undefined };
    await failed("http://public.test/");
    assert.equal(hits.length, 2);
  });

  it("sends headers that could be credentials to no other origin", async () => {
    routes = { "/": "/1", "/1": "http://other.test/2" };
    const headers = { authorization: "Bearer x", "x-signature": "y", range: "bytes=0-1" };
    await answer("http://public.test/", { headers });
    const sent = hits.map((hit) => [hit.headers.authorization, hit.headers["x-signature"], hit.headers.range]);
    assert.deepEqual(sent, [
      ["Bearer x", "y", "bytes=0-1"],
      ["Bearer x", "y", "bytes=0-1"],
      [undefined, undefined, "bytes=0-1"],
    ]);
    for (const name of ["host", "Host", "content-length", "accept-encoding", "cookie"])
      await assert.rejects(guard().ask("http://public.test/", { ...limits, headers: { [name]: "x" } }), TypeError);
  });

  it("speaks TLS for the given name, and refuses a certificate for another one", async () => {
    const secure = portOf(tls);
    const trusting = createGuardedOutgoing({
      ...parts,
      allow: ["127.0.0.1", "::1"],
      connect: createConnector({ ca: cert }),
    });
    assert.equal((await read(await trusting.ask(`https://localhost:${secure}/`, limits))).text, "ok");
    assert.deepEqual(
      hits.map(({ host, servername }) => [host, servername]),
      [[`localhost:${secure}`, "localhost"]],
    );
    names = { "other.test": [["127.0.0.1"]] };
    for (const url of [`https://other.test:${secure}/`, `https://127.0.0.1:${secure}/`])
      await assert.rejects(trusting.ask(url, limits), { code: "outgoing.failed" });
    await assert.rejects(guard(["127.0.0.1", "::1"]).ask(`https://localhost:${secure}/`, limits), {
      code: "outgoing.failed",
    });
    assert.equal(hits.length, 1);
    routes = { "/": `http://localhost:${port}/` };
    await assert.rejects(trusting.ask(`https://localhost:${secure}/`, limits), { code: "outgoing.refused" });
    assert.equal(hits.length, 2);
  });

  it("tries the next address of a name when one does not answer", async () => {
    names = { "two.test": [["93.184.216.1", "2606:4700::1"]] };
    const connect: Connect = (endpoint, signal) =>
      endpoint.address === "93.184.216.1" ? Promise.reject(new Error("down")) : toCanary(endpoint, signal);
    const body = await read(await createGuardedOutgoing({ ...parts, connect }).ask("http://two.test/", limits));
    assert.equal(body.text, "ok");
    assert.deepEqual(
      endpoints.map(({ address }) => address),
      ["2606:4700::1"],
    );
  });

  it("logs the reason and the host, but neither path nor query", async () => {
    const lines: object[] = [];
    const log = { ...silentLog, info: (message: string, fields?: object) => void lines.push({ message, ...fields }) };
    const logging = createGuardedOutgoing({ ...parts, log });
    await assert.rejects(logging.ask("http://private.test/secret?signature=secret", limits));
    assert.deepEqual(lines, [
      { message: "an outgoing request was refused", host: "private.test", reason: "an address that is not asked" },
    ]);
  });
});

/** Loopback, and what could be taken for it, with PORT for the canary's port. */
const spellings = [
  "127.0.0.1 127.0.0.1. 127.0.0.2 127.255.255.254 127.1 127.0.1 2130706433 017700000001 127.0.0.0x1 127.000.000.001",
  "0x7f000001 0X7F000001 0x7f.0.0.1 0x7f.1 0x7F.0x0.0x0.0x1 0177.0.0.1 0177.1 00000177.0.0.1 0 0.0.0.0 0x0 0000",
  "[::1] [0:0:0:0:0:0:0:1] [0000:0000::0001] [::0001] [::] [0:0::0] [::1%25lo] [::1%lo] [fe80::1] [fe80::1%25lo]",
  "[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:7f00:1] [::127.0.0.1] [::7f00:1]",
  "[::ffff:0:7f00:1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::]",
  "[2a00::5efe:7f00:1] [2001:0:4136:e378:8000:63bf:80ff:fffe] localhost LOCALHOST localhost. a.localhost",
  "loc%61lhost ｌｏｃａｌｈｏｓｔ localhoſt １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.①",
  "%31%32%37.0.0.1 127%2E0%2E0%2E1 1\u200b27.0.0.1 127.0.0.1\u00ad public.test@127.0.0.1 public.test:80@127.0.0.1",
  "public.test%40@127.0.0.1 private.test PRIVATE.test.",
].flatMap((line) => line.split(" ").map((host) => `http://${host}:PORT/`));
spellings.push(
  "http://127.0.0.1:PORT#@public.test/",
  "http://127.0.0.1:PORT?@public.test/",
  "http://127.0.0.1:PORT\\@public.test/",
  "http:127.0.0.1:PORT/",
  "http:///127.0.0.1:PORT/",
  "http:\\\\127.0.0.1:PORT/",
  "hTTp://127.1:PORT/",
  " http://127.0.0.1:PORT/\n",
  "ht\ntp://127.0.\t0.1:PORT/",
  "http://127.0.0.1:PORT/../..//",
  "https://127.0.0.1:PORT/",
);

interface Hit {
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly servername: unknown;
  readonly headers: IncomingMessage["headers"];
}
const hits: Hit[] = [];
const lookups: string[] = [];
const endpoints: Endpoint[] = [];
/** Successive answers of the name server. */
let names: Record<string, string[][]> = {};
/** The target of the canary's redirect for a path; undefined for no redirect. */
let routes: Record<string, string | undefined> = {};
let port = 0;

const { cert, key } = selfSigned();
const sing = (request: IncomingMessage, response: ServerResponse) => {
  const { servername } = request.socket as TLSSocket; // Undefined without TLS.
  hits.push({ url: request.url, host: request.headers.host, servername, headers: request.headers });
  const path = request.url ?? "";
  const location = routes[path];
  if (path in routes) response.writeHead(302, location === undefined ? {} : { location });
  response.end("ok");
};
const tls = createSecureServer({ cert, key }, sing);
const canary = createServer(sing);
const servers = [canary, tls];

const toCanary: Connect = (endpoint, signal) => {
  endpoints.push(endpoint);
  const isLoopback = /^127\.|^::1$/.test(endpoint.address);
  const address = "127.0.0.1";
  return createConnector()({ ...endpoint, address, port: isLoopback ? endpoint.port : port, isSecure: false }, signal);
};
const parts = {
  allow: [],
  log: silentLog,
  own: () => [],
  connect: toCanary,
  resolve: async (name: string) => {
    lookups.push(name);
    const [next, ...later] = names[name] ?? [];
    if (next) names[name] = later.length === 0 ? [next] : later;
    if (/^private\./i.test(name)) return ["127.0.0.1"];
    return next ?? (/^(?:public|other)\.test$/.test(name) ? ["93.184.216.34"] : []);
  },
};
const guard = (allow: readonly string[] = []) => createGuardedOutgoing({ ...parts, allow });
const limits = { bytesMax: 1_000, totalMs: 20_000 };
const at = (spelling: string) => spelling.replace("PORT", String(port));

async function read(answered: Awaited<ReturnType<ReturnType<typeof guard>["ask"]>>) {
  const chunks = [];
  for await (const chunk of answered.body) chunks.push(chunk);
  return { ...answered, text: Buffer.concat(chunks).toString() };
}
const answer = async (url: string, request: Partial<OutgoingRequest> = {}) =>
  read(await guard().ask(url, { ...limits, ...request }));
const refusal = (url: string) =>
  guard()
    .ask(at(url), limits)
    .then(
      () => assert.fail(`it was asked: ${url}`),
      ({ code, message, http, details }: { code: string; message: string; http: number; details: object }) => ({
        code,
        message,
        http,
        details,
      }),
    );
const refused = async (url: string) => assert.equal((await refusal(url)).code, "outgoing.refused", url);
const failed = (url: string, request: Partial<OutgoingRequest> = {}) =>
  assert.rejects(answer(url, request), {
    code: "outgoing.failed",
    message: "what is at this address could not be fetched",
  });

const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const portOf = (server: Server) => (server.address() as AddressInfo).port; // It listens on TCP.
const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
