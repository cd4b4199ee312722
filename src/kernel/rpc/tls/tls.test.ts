import assert from "node:assert/strict";
import { connect, createSecureServer, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { once } from "node:events";
import { type AddressInfo, connect as connectSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, before, beforeEach, describe, it } from "node:test";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { until } from "#test/until";
import { newCall } from "../../call.ts";
import type { KeyPair } from "../../certificates/authority.ts";
import type { Certificates } from "../../certificates/certificates.ts";
import type { RenewedCertificates } from "../../certificates/renewed-certificates.ts";
import { CertificateFolder, testAuthority } from "../../certificates/testing.ts";
import type { Client } from "../../contract.ts";
import { silentLog } from "../../log/port.ts";
import { createStaticRegistry } from "../../registry/static.ts";
import type { Metrics } from "../../telemetry/port.ts";
import { createPrometheusMetrics } from "../../telemetry/prometheus.ts";
import { RpcClients } from "../client/client.ts";
import { peer, peerLock, peerSecret } from "../fake-peer.ts";
import { challengePath, nonceHeader, proofHeader } from "../handshake.ts";
import { type RpcServer, type RpcServerParts, createRpcServer } from "../server/server.ts";
import { describedNow } from "../testing.ts";
import { tlsSocketOf } from "./transport.ts";

describe("calls between processes over mutual TLS", () => {
  before(async () => void ([authority, otherAuthority] = await Promise.all([testAuthority(), testAuthority("Other")])));
  beforeEach(async () => {
    [here, there] = await Promise.all([issue("kinora"), issue("video")]);
    server = await serve({ tls: await there.open() });
  });
  afterEach(() => open.disposeAsync().then(() => void (open = new AsyncDisposableStack())));

  it("are made by processes with certificates of the authority, wherever they are", async () => {
    const client = clientOf(await here.open());
    assert.deepEqual(await client.ask({}, newCall()), { pid: process.pid });
  });

  it("fail with a certificate of another authority, of no process, or without TLS, and both ends count it", async () => {
    for (const tls of [
      await (await issue("kinora", otherAuthority)).open(),
      await trustingBoth(await issue("kinora", otherAuthority)),
      await (await issue("player")).open({ names: ["player"] }),
      undefined,
    ]) {
      const metrics = createPrometheusMetrics();
      const client = clientOf(tls, { metrics });
      await assert.rejects(client.ask({}, newCall({ waitMs: 2_000 })), { code: "kernel.service_unavailable" });
    }
    await until(async () => (await refusals(serverMetrics, "server", "certificate")) >= 3);
  });

  it("go to no server whose certificate is that of a foreign client, although it has the secret", async () => {
    const foreign = await serve({ tls: await (await issue("player")).open({ names: ["player"] }) });
    const metrics = createPrometheusMetrics();
    const client = clientOf(await here.open(), { metrics, port: foreign.port });
    await assert.rejects(client.ask({}, newCall()), { code: "kernel.service_unavailable" });
    assert.ok((await refusals(metrics, "client", "certificate")) > 0);
  });

  it("are refused through a relay with a certificate of the fleet, which passes the proofs on (S2.8)", async () => {
    const relay = await relayTo(server.port, (await there.open()).current);
    const metrics = createPrometheusMetrics();
    const client = clientOf(await here.open(), { metrics, port: relay.port });
    await assert.rejects(client.ask({}, newCall()), { code: "kernel.service_unavailable" });
    assert.ok((await refusals(metrics, "client", "secret")) > 0);
    assert.deepEqual(new Set(relay.passed), new Set([challengePath]));
  });

  it("use renewed certificates for new connections, and end streams of earlier ones in time", async (t) => {
    const serverTls = await there.open();
    const renewing = await serve({ tls: serverTls });
    const clientTls = await here.open();
    const client = clientOf(clientTls, { port: renewing.port });
    assert.deepEqual(await client.ask({}, newCall()), { pid: process.pid });
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const stream = client.follow({}, newCall())[Symbol.asyncIterator]().next();
    // Neither end trusts the authority from before.
    for (const [folder, tls, name] of [
      [here, clientTls, "kinora"],
      [there, serverTls, "user"],
    ] as const) {
      await folder.renew(otherAuthority, name);
      await tls.check();
    }
    assert.deepEqual(await client.ask({}, newCall()), { pid: process.pid });
    assert.equal(await namesAt(renewing.port, clientTls.current), "DNS:user");
    const ended = assert.rejects(stream, { code: "kernel.service_unavailable" });
    t.mock.timers.tick(5 * 60_000);
    await ended;
    t.mock.timers.reset();
  });

  it("are made on a new connection once the caller has renewed its certificate, beside its open streams", async () => {
    const tls = await here.open();
    const client = clientOf(tls);
    const leaving = new AbortController();
    const messages = client.follow({}, newCall({ signal: leaving.signal }))[Symbol.asyncIterator]();
    const stream = messages.next();
    stream.catch(() => undefined);
    await client.ask({}, newCall());
    assert.equal(await connectionsOpen(), 1);
    await here.renew(authority);
    await tls.check();
    await client.ask({}, newCall());
    assert.equal(await connectionsOpen(), 2);
    leaving.abort();
    await until(async () => (await connectionsOpen()) === 1);
  });

  it("are all answered while both ends renew their certificates again and again, also commands", async () => {
    const serverTls = await there.open();
    const renewing = await serve({ tls: serverTls, closeAfterMs: 20 });
    const clientTls = await here.open();
    const client = clientOf(clientTls, { port: renewing.port });
    const over = new AbortController();
    let calls = 0;
    const workers = Array.from({ length: 8 }, async () => {
      for (; !over.signal.aborted; calls++) {
        const method = calls % 2 === 0 ? client.ask : client.processId;
        assert.deepEqual(await method({}, newCall()), { pid: process.pid });
      }
    });
    const renewals = (async () => {
      for (let round = 0; round < 10; round++) {
        const [folder, tls] = round % 2 === 0 ? [there, serverTls] : [here, clientTls];
        await folder.renew(authority);
        await tls.check();
        const end = calls + 200;
        await until(() => calls >= end);
      }
      over.abort();
    })();
    await Promise.all([renewals, ...workers]).finally(() => over.abort());
    assert.ok(calls >= 2_000, `${calls} calls`);
  });

  it("begin with a whole TLS handshake each time, so that no session outlives its certificate", async () => {
    const { cert, key, ca } = (await here.open()).current;
    const tls = await there.open();
    const renewing = await serve({ tls });
    await there.renew(authority, "video");
    await tls.check();
    const options = { port: renewing.port, cert, key, ca, ALPNProtocols: ["h2"], servername: "video" };
    const first = connectTls(options);
    const tickets: Buffer[] = [];
    first.on("session", (ticket: Buffer) => tickets.push(ticket));
    // The settings of HTTP/2, which come after the tickets.
    await once(first, "data");
    const session = tickets.at(-1) ?? first.getSession();
    first.destroy();
    const again = connectTls({ ...options, ...(session && { session }) });
    await once(again, "secureConnect");
    assert.equal(again.isSessionReused(), false);
    again.destroy();
    await assert.rejects(
      foreignCall(renewing.port, { ca }),
      ConnectError,
      "a certificate is needed after a renewal too",
    );
  });

  it("have ten seconds for a TLS handshake at most, or what the limits say", async () => {
    const impatient = await serve({ tls: await there.open(), connectionLimits: { headersMs: 50 } });
    const socket = connectSocket(impatient.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "close");
    const { body } = await serverMetrics.text();
    assert.match(body, /connections_cut_total\{port="rpc",reason="handshake"\} 1/);
    assert.equal(await refusals(serverMetrics, "server", "certificate"), 0);
  });

  it("are answered for foreign gRPC clients with a certificate of the authority, as guests", async () => {
    const guests: string[] = [];
    const gateway = await serve({
      tls: await there.open(),
      guest: async (method, _, __, call) => {
        guests.push(method.kind);
        return call;
      },
    });
    const player = (await (await issue("player")).open({ names: ["player"] })).current;
    assert.partialDeepStrictEqual(await foreignCall(gateway.port, player), { pid: BigInt(process.pid) });
    assert.deepEqual(guests, ["query"]);
    const { ca } = player;
    for (const presented of [{ ca }, { ca, ...(await here.renew(otherAuthority)) }])
      await assert.rejects(foreignCall(gateway.port, presented), ConnectError);
  });

  it("cannot be made by a foreign client that knows the secret", async () => {
    const player = await (await issue("player")).open({ names: ["player", "video"] });
    const client = clientOf(player);
    await assert.rejects(client.ask({}, newCall()), { code: "kernel.service_unavailable" });
    assert.ok((await refusals(serverMetrics, "server", "certificate")) > 0);
  });
});

let authority: KeyPair;
let otherAuthority: KeyPair;
let here: CertificateFolder;
let there: CertificateFolder;
let server: RpcServer;
let serverMetrics = createPrometheusMetrics();
let open = new AsyncDisposableStack();

const issue = async (name: string, by = authority): Promise<CertificateFolder> =>
  open.use(await CertificateFolder.issue(by, name));

/** Trusts the server, which does not trust it. */
async function trustingBoth(folder: CertificateFolder): Promise<RenewedCertificates> {
  await folder.write({ ca: authority.cert + otherAuthority.cert });
  return folder.open();
}

async function serve(
  parts: Pick<RpcServerParts, "tls" | "guest" | "closeAfterMs" | "connectionLimits">,
): Promise<RpcServer> {
  serverMetrics = createPrometheusMetrics();
  const started = await createRpcServer(
    {
      contracts: [peer],
      lock: peerLock,
      secrets: [peerSecret],
      host: {
        dispatch: ((_: string, method: string) =>
          method === "follow"
            ? endless()
            : Promise.resolve({ pid: process.pid })) as RpcServerParts["host"]["dispatch"],
        consumers: new Map(),
        deliver: async () => undefined,
      },
      ready: async () => ({}),
      log: silentLog,
      metrics: serverMetrics,
      ...parts,
    },
    { host: "127.0.0.1", port: 0 },
  );
  open.defer(() => started.stop(0));
  return started;
}

async function* endless(): AsyncGenerator<object> {
  yield await new Promise<object>(() => undefined);
}

function clientOf(
  tls: RenewedCertificates | undefined,
  { metrics = createPrometheusMetrics(), port = server.port } = {},
): Client<typeof peer> {
  const clients = new RpcClients({
    registry: createStaticRegistry({ peer: [`127.0.0.1:${port}`] }),
    lock: peerLock,
    secrets: [peerSecret],
    tls,
    metrics,
    log: silentLog,
    elapsed: () => performance.now(),
    random: Math.random,
  });
  open.defer(() => clients.close());
  const client = clients.client(peer, "test");
  assert.ok(client);
  return client as unknown as Client<typeof peer>; // Made from this contract.
}

async function refusals(metrics: Metrics, side: string, reason: string) {
  const { body } = await metrics.text();
  return Number(new RegExp(`refused_total\\{side="${side}",reason="${reason}"\\} (\\d+)`).exec(body)?.[1] ?? 0);
}

async function connectionsOpen(): Promise<number> {
  const { body } = await serverMetrics.text();
  return Number(/^connections_open\{port="rpc"\} (\d+)/m.exec(body)?.[1]);
}

/** Another client of gRPC than ours. */
async function foreignCall(port: number, nodeOptions: Partial<Certificates>): Promise<unknown> {
  const desc = describedNow(peer).service.methods.find(({ name }) => name === "Ask");
  assert.ok(desc);
  const baseUrl = `https://127.0.0.1:${port}`;
  // The certificate names a process and no address.
  const options = { ...nodeOptions, servername: "video" };
  const transport = createGrpcTransport({ baseUrl, idleConnectionTimeoutMs: 200, nodeOptions: options });
  const { message } = await transport.unary(desc as DescMethodUnary, undefined, 5_000, {}, {});
  return message;
}

/** The alternative names of a server's certificate. */
async function namesAt(port: number, { cert, key, ca }: Certificates): Promise<string | undefined> {
  const session = connect(`https://127.0.0.1:${port}`, { cert, key, ca, checkServerIdentity: () => undefined });
  await once(session, "connect");
  const names = tlsSocketOf(session)?.getPeerX509Certificate()?.subjectAltName;
  session.destroy();
  return names;
}

/** Passes the handshake on between two TLS connections of its own. */
async function relayTo(port: number, { cert, key, ca }: Certificates) {
  const passed: string[] = [];
  const onward: ClientHttp2Session = connect(`https://127.0.0.1:${port}`, {
    cert,
    key,
    ca,
    checkServerIdentity: () => undefined,
  });
  const relay = createSecureServer({ cert, key, ca, requestCert: true });
  relay.on("stream", (stream, headers) => {
    const path = headers[":path"] ?? "";
    passed.push(path);
    stream.on("error", () => undefined);
    const forwarded = [nonceHeader, proofHeader].filter((name) => headers[name] !== undefined);
    const request = onward.request(
      {
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        ...Object.fromEntries(forwarded.map((name) => [name, headers[name]])),
      },
      { endStream: true },
    );
    request.resume();
    request.once("response", (answer: IncomingHttpHeaders) => {
      const { ":status": code, date: _, ...rest } = answer;
      stream.respond({ ":status": code, ...rest }, { endStream: true });
    });
  });
  const sessions = new Set<{ destroy(): void }>();
  relay.on("session", (session) => sessions.add(session));
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  open.defer(() => {
    onward.destroy();
    for (const session of sessions) session.destroy();
    relay.close();
  });
  return { port: (relay.address() as AddressInfo).port, passed }; // It listens on TCP.
}
