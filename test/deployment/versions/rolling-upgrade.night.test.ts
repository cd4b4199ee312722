import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../../cmd/services.ts";
import { startSharedDatabase } from "../../instance/database-server.ts";
import { earlierCode } from "../../instance/earlier-code.ts";
import { Instance, type InstanceOptions } from "../../instance/instance.ts";
import { freePorts } from "../../ports.ts";
import { startHaproxy } from "../../servers/haproxy.ts";
import { startRedis } from "../../servers/redis.ts";
import { LiveLoad } from "../../users/live-load.ts";
import { Load, uploadBytes } from "../../users/load.ts";
import { Person } from "../../users/person.ts";
import { published } from "../../users/published.ts";

/** Between two steps of the upgrade, of which there are five. */
const requestsBetween = 2_000;

it("loses no request, upload, socket or live segment while two processes of each service are upgraded in turn", {
  timeout: 1_800_000,
}, async () => {
  await using earlier = await earlierCode();
  await using database = await startSharedDatabase();
  await using redis = await startRedis();
  const blobs = await mkdtemp(join(tmpdir(), "kinora-upgrade-"));
  const known: { roleNames: readonly string[] } = await import(
    pathToFileURL(join(earlier.program, "cmd/services.ts")).href
  );
  // The address of a new service is added when every process knows its name.
  const roles = roleNames.filter((name) => known.roleNames.includes(name));
  const places = await placesOfTwo();
  const addresses = roles
    .filter((name) => name !== "gateway")
    .flatMap((name) => places.map(({ rpcPort }) => `${name}=127.0.0.1:${rpcPort}`));
  const env = {
    KINORA_DB_URL: database.url,
    KINORA_REDIS_URL: redis.url,
    KINORA_REGISTRY_ADDRESS: addresses.join(),
    KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
    KINORA_BLOB_URL: pathToFileURL(blobs).href,
    KINORA_RATE_LIMIT: "off",
    KINORA_STOP_DELAY: "3s",
  };
  const startAt = ({ port, rpcPort, rtmpPort }: Place, more: InstanceOptions = {}) =>
    Instance.start({
      port,
      flags: ["--services", roles.join(), "--rpc-port", `${rpcPort}`, "--rtmp-port", `${rtmpPort}`],
      env,
      ...more,
    });
  const former = await Promise.all(places.map((place) => startAt(place, { program: earlier.program })));
  const upgraded: Instance[] = [];
  try {
    const servers = former.map(({ url }, at) => ({ url, rtmpPort: places[at]?.rtmpPort }));
    await using balancer = await startHaproxy(servers);
    const [person, host] = [new Person(balancer.url), new Person(balancer.url)];
    for (const account of [person, host]) await account.signUp();
    const videoId = await published(person);
    const { used_bytes: ofVideo } = (await person.get("/upload/usage")) as { used_bytes: number };
    const load = new Load(balancer.url, person, videoId);
    const pushUrl = `rtmp://127.0.0.1:${balancer.rtmpPort}/live`;
    const live = await LiveLoad.start({ url: balancer.url, pushUrl }, host);
    for (const [at, instance] of former.entries()) {
      await load.requests(requestsBetween);
      assert.equal(await instance.stop(), 0);
      await Promise.all([load.requests(requestsBetween), live.segments(2)]);
      const place = places[at];
      if (place) upgraded.push(await startAt(place));
    }
    await Promise.all([load.requests(requestsBetween), live.segments(2)]);
    await Promise.all([load.stop(), live.stop()]);
    assert.deepEqual([...load.failures, ...live.failures], []);
    assert.deepEqual(live.missing, []);
    assert.ok(load.sockets >= 2 && live.connections >= 2, `${load.sockets} sockets, ${live.connections} encoders`);
    const { used_bytes: after } = (await person.get("/upload/usage")) as { used_bytes: number };
    assert.equal(after - ofVideo, load.uploads * uploadBytes);
  } finally {
    for (const instance of [...former, ...upgraded]) await instance[Symbol.asyncDispose]();
    await rm(blobs, { recursive: true, force: true });
  }
});

interface Place {
  readonly port: number;
  readonly rpcPort: number;
  readonly rtmpPort: number;
}

async function placesOfTwo(): Promise<Place[]> {
  const ports = await freePorts(6);
  return [0, 1].map((at) => ({
    port: ports[at * 3] ?? 0,
    rpcPort: ports[at * 3 + 1] ?? 0,
    rtmpPort: ports[at * 3 + 2] ?? 0,
  }));
}
