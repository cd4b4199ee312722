import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { ConfigError, loadConfig } from "#kernel/config/load";
import fc from "fast-check";
import { configurationDocument } from "./document.ts";
import { pluginFilesOf } from "./plugin-files.ts";
import { configSchema } from "./schema.ts";
import { keptSecret } from "./secret.ts";
import { settingsIn } from "./setting.ts";
import { duration, size } from "./values.ts";

describe("the configuration", () => {
  before(async () => void (root = await mkdtemp(join(tmpdir(), "kinora-config-"))));
  beforeEach(async () => {
    cwd = join(root, `case-${++cases}`);
    await mkdir(join(cwd, "data"), { recursive: true });
  });
  after(() => rm(root, { recursive: true }));

  it("has defaults for all settings, and is deeply frozen", () => {
    const { config, sources } = load();
    assert.equal(config.server.port, 8080);
    assert.equal(config.server.host, "127.0.0.1");
    assert.equal(config.data, join(cwd, "data"));
    assert.deepEqual([config.cluster.topology, config.cluster.registry], ["one", "static"]);
    assert.deepEqual([config.auth.accessLifeMs, config.auth.refreshLifeMs], [900_000, 2_592_000_000]);
    assert.deepEqual(sources, {});
    for (const part of [config, config.server, config.server.trustedProxies, config.db.services])
      assert.ok(Object.isFrozen(part));
  });

  it("overrides each source by the next: file, .env, environment, flag", async () => {
    const ports = () => {
      const { config, sources } = load(flags, env);
      return [config.server.port, sources["server.port"]];
    };
    const env: Record<string, string> = {};
    const flags: string[] = [];
    await writeFile(join(cwd, "data/kinora.yml"), "server:\n  port: 1001\n");
    assert.deepEqual(ports(), [1001, "kinora.yml: server.port"]);
    await writeFile(join(cwd, ".env"), "KINORA_PORT=1002\nOTHER=x\n");
    assert.deepEqual(ports(), [1002, ".env: KINORA_PORT"]);
    env["KINORA_PORT"] = "1003";
    assert.deepEqual(ports(), [1003, "KINORA_PORT"]);
    flags.push("--port", "1004");
    assert.deepEqual(ports(), [1004, "--port"]);
  });

  it("reads its file from the data folder that other sources name", async () => {
    await mkdir(join(cwd, "elsewhere"));
    await writeFile(join(cwd, "elsewhere/kinora.yml"), "site: { name: Cinema }");
    assert.equal(load(["--data", "elsewhere"]).config.site.name, "Cinema");
    assert.equal(load([], { KINORA_DATA: join(cwd, "elsewhere") }).config.site.name, "Cinema");
  });

  it("reads flags with `=` or a blank, and with `_` for `-`", () => {
    const { config } = load(
      [
        "--port=0 --host :: --rtmp-port 0 --rpc-port 0 --public-url https://a.example --services gateway,auth",
        "--registry static --registry_address=user=[::1]:9001,user=b:9001 --demo --tls-cert c.pem --tls-key=k.pem",
      ].flatMap((line) => line.split(" ")),
      { KINORA_CLUSTER_SECRET: strong },
    );
    assert.deepEqual(
      [config.server.port, config.server.host, config.live.rtmpPort, config.cluster.rpcPort, config.site.demo],
      [0, "::", 0, 0, true],
    );
    assert.deepEqual(config.cluster.services, ["gateway", "auth"]);
    assert.deepEqual(config.cluster.registryAddress, { user: ["[::1]:9001", "b:9001"] });
    assert.deepEqual([config.server.tlsCert, config.server.tlsKey], [join(cwd, "c.pem"), join(cwd, "k.pem")]);
  });

  it("takes the form of addresses that the registry has", () => {
    const environment = { KINORA_CLUSTER_SECRET: strong };
    const problem = (registry: string, ...address: string[]) =>
      problems(
        ["--registry", registry, ...address.flatMap((text) => ["--registry-address", text])],
        environment,
      ).join();
    const pattern = "{service}.kinora.svc:19090";
    const urls = "http://10.0.0.2:2379,https://[fd00::2]:2379";
    const addressOf = (registry: string, text: string) =>
      load(["--registry", registry, "--registry-address", text], environment).config.cluster.registryAddress;
    assert.equal(addressOf("dns", pattern), pattern);
    assert.deepEqual(addressOf("etcd", urls), urls.split(","));
    assert.deepEqual(addressOf("static", "user=a:1"), { user: ["a:1"] });
    assert.equal(problem("kubernetes"), "");
    const list = /must be a list such as/;
    const url = /must be a URL such as/;
    for (const [registry, address, says] of [
      ["static", [pattern], list],
      ["static", [urls], list],
      ["dns", [], /must be a pattern such as/],
      ["dns", ["user=a:1"], /must be a pattern such as/],
      ["dns", ["kinora.svc:19090"], /registry-address/],
      ["etcd", [], url],
      ["consul", [pattern], url],
      ["nacos", ["user=a:1"], url],
      ["etcd", ["redis://a:1"], /registry-address/],
      ["zookeeper", [], /must be one of static, dns, etcd, consul, nacos, kubernetes/],
    ] as const)
      assert.match(problem(registry, ...address), says, `${registry} ${address.join()}`);
    assert.match(problems(["--registry", "etcd", "--registry-address", urls]).join(), /needs KINORA_CLUSTER_SECRET/);
  });

  it("reports all mistakes together, each with its source", async () => {
    await writeFile(join(cwd, "data/kinora.yml"), "server: { prot: 1, port: eighty }\nnonsense: 1\ndata: /x\n");
    await writeFile(join(cwd, ".env"), "KINORA_POTR=1\n");
    const flags = ["--prot", "1", "serve", "--host", "--demo"];
    assert.deepEqual(problems(flags, { KINORA_HSOT: "x", KINORA_TRUSTED_PROXIES: "10.0.0.0/33" }).toSorted(), [
      "--host: needs a value",
      "--prot: there is no such flag, see --help",
      ".env: KINORA_POTR: there is no such setting, see --help",
      "1: not a flag: flags begin with `--`, see --help",
      "KINORA_HSOT: there is no such setting, see --help",
      "KINORA_TRUSTED_PROXIES: must be an address or a range such as `10.0.0.0/8` (it is `10.0.0.0/33`)",
      "kinora.yml: data: the folder this file lies in cannot be set in it",
      "kinora.yml: nonsense: there is no such setting",
      "kinora.yml: server.port: must be a whole number from 0 to 65535 (it is `eighty`)",
      "kinora.yml: server.prot: there is no such setting",
      "serve: not a flag: flags begin with `--`, see --help",
    ]);
  });

  it("reads numbers by names, and reports names and numbers that it does not know", () => {
    const utility = (text: string) => ({ KINORA_RECOMMEND_UTILITY: text });
    assert.deepEqual(load([], utility("liked=2, skipped=-1.5")).config.recommend.utility, { liked: 2, skipped: -1.5 });
    const range = "must be a number from -10 to 10";
    for (const [text, problem] of [
      ["liked=11", range],
      ["liked=", range],
      ["liked=much", range],
      ["loved=1", "must be a list such as `liked=2,skipped=-1.5`"],
      ["liked", "must be a list such as `liked=2,skipped=-1.5`"],
      ["liked=1,liked=2", "must be a list such as `liked=2,skipped=-1.5`"],
    ] as const) {
      const [found = "", ...others] = problems([], utility(text));
      assert.deepEqual([found.includes(problem), others], [true, []], `${text}: ${found}`);
    }
  });

  it("reads the sender of mails with or without a name", () => {
    const url = { KINORA_SMTP_URL: "smtp://127.0.0.1" };
    const address = "films@example.org";
    for (const [text, from] of [
      [address, { address }],
      [`<${address}>`, { address }],
      [`Films <${address}>`, { address, name: "Films" }],
      [`"Films, by night" <${address}>`, { address, name: "Films, by night" }],
    ] as const)
      assert.deepEqual(load([], { ...url, KINORA_MAIL_FROM: text }).config.mail.from, from, text);
    for (const text of ["Films", "Films <films>", `Films <${address}`, `<${address}> Films`, `a@b.example, ${address}`])
      assert.match(
        problems([], { ...url, KINORA_MAIL_FROM: text })[0] ?? "",
        /^KINORA_MAIL_FROM: must be an e-mail address, alone or as `Name <address>`/,
        text,
      );
  });

  it("takes the files of plug-ins from this machine alone", async () => {
    await mkdir(join(cwd, "data"), { recursive: true });
    await writeFile(join(cwd, "data/remote.json"), JSON.stringify({ cluster: { plugins: "./x.ts" } }));
    const env = { KINORA_CONFIG_URL: "etcd://127.0.0.1/kinora" };
    assert.deepEqual(problems([], env), [
      "remote configuration: cluster.plugins: a place on this machine cannot be set in it",
    ]);
    assert.deepEqual(pluginFilesOf([], env, cwd), []);
    await writeFile(join(cwd, "data/kinora.yml"), "cluster: { plugins: ./a.ts }");
    assert.deepEqual(pluginFilesOf(["--port", "1"], {}, cwd), [join(cwd, "a.ts")]);
    assert.deepEqual(pluginFilesOf([], { KINORA_PLUGINS: "b.ts, /c.ts" }, cwd), [join(cwd, "b.ts"), "/c.ts"]);
  });

  it("reports where a YAML file is malformed, and refuses a file that is not a map", async () => {
    await writeFile(join(cwd, "data/kinora.yml"), "server: [1\nport: }");
    assert.match(problems()[0] ?? "", /^kinora\.yml: .* at line 2/);
    await writeFile(join(cwd, "data/kinora.yml"), "8080");
    assert.deepEqual(problems(), ["kinora.yml: must be a map of settings"]);
    await writeFile(join(cwd, "data/kinora.yml"), "# nothing yet\n");
    assert.equal(load().config.server.port, 8080);
  });

  it("fails with exit code 2", () => {
    assert.throws(
      () => load(["--nope"]),
      (error) => error instanceof ConfigError && error.exitCode === 2,
    );
  });

  for (const [flags, env, says] of [
    [[], { KINORA_DB_REPLICA_URLS: "postgres://r" }, "KINORA_DB_REPLICA_URLS: needs KINORA_DB_URL as well"],
    [
      [],
      {
        KINORA_DB_URL: "postgres://p",
        KINORA_DB_REPLICA_URLS: "postgres://r,postgres://s",
        KINORA_DB_CONNECTIONS: "5",
      },
      "KINORA_DB_CONNECTIONS: must be 6 at least, for 2 of KINORA_DB_REPLICA_URLS",
    ],
    [[], { KINORA_OTLP_ENDPOINT: "http://o" }, "KINORA_OTLP_ENDPOINT: sending traces is not built yet"],
  ] as const)
    it(`refuses by name: ${says}`, () => assert.deepEqual(problems(flags, env), [says]));

  it("lists the allowed values when a setting has another one", () => {
    const [services = ""] = problems(["--services", "auth,nope"]);
    assert.match(services, /^--services: must be of gateway, auth, user, .* \(it is `auth,nope`\)$/);
    const [registry = ""] = problems(["--registry", "zookeeper"]);
    assert.match(registry, /^--registry: must be one of static, .* \(it is `zookeeper`\)$/);
  });

  it("accepts names of older systems for services, and joins their addresses", () => {
    const env = {
      KINORA_CLUSTER_SECRET: strong,
      KINORA_REGISTRY_ADDRESS: "metadata=10.0.0.1:9005,video=10.0.0.2:9002,account=10.0.0.3:9001",
    };
    const { cluster } = load(["--services", "account,metadata"], env).config;
    assert.deepEqual(cluster.services, ["user", "video"]);
    assert.deepEqual(cluster.registryAddress, {
      video: ["10.0.0.1:9005", "10.0.0.2:9002"],
      user: ["10.0.0.3:9001"],
    });
  });

  it("accepts settings for databases, blob store, topology and instant upload", () => {
    const env = {
      KINORA_DB_URL: "postgres://db/",
      KINORA_AUTH_DB_URL: "postgres://db/a",
      KINORA_BLOB_URL: "file:blobs",
      KINORA_INSTANT_UPLOAD: "own",
    };
    const { config } = load(["--topology", "one", "--rtmp-port", "0"], env);
    assert.equal(config.db.services["auth"], "postgres://db/a");
    assert.equal(config.upload.instant, "own");
    assert.equal(config.blob.url, pathToFileURL(join(cwd, "blobs")).href);
    assert.equal(load([], { KINORA_BLOB_URL: "file:///srv/k" }).config.blob.url, "file:///srv/k");
  });

  it("reads named blob stores and placement rules, and refuses invalid ones", () => {
    const env = {
      KINORA_BLOB_URL: "s3://films/a?endpoint=http://s3:9000",
      KINORA_BLOB_STORES: "archive=s3://KEY:SECRET@old, fast=file:ssd",
      KINORA_BLOB_PLACES: "media=archive,kind:other=default,user:42=fast",
      KINORA_S3_ACCESS_KEY: "KEY",
      KINORA_S3_SECRET_KEY: "SECRET",
    };
    const { blob } = load([], env).config;
    assert.deepEqual(blob.stores, { archive: "s3://KEY:SECRET@old", fast: pathToFileURL(join(cwd, "ssd")).href });
    assert.deepEqual(blob.places, { media: "archive", "kind:other": "default", "user:42": "fast" });
    assert.deepEqual(problems([], { ...env, KINORA_S3_SECRET_KEY: "" }), [
      "KINORA_S3_ACCESS_KEY: needs KINORA_S3_SECRET_KEY as well",
    ]);
    assert.deepEqual(problems([], { ...env, KINORA_BLOB_PLACES: "media=tape" }), [
      "KINORA_BLOB_PLACES: there is no store tape in KINORA_BLOB_STORES",
    ]);
    assert.deepEqual(problems([], { KINORA_BLOB_URL: "s3://KEY@films" }), [
      "KINORA_BLOB_URL: must have both parts of key:secret@, or none",
    ]);
    for (const stores of ["fast", "default=file:/a", "a=file:/a,a=file:/b", "a=http://x", "A=file:/a"])
      assert.equal(problems([], { KINORA_BLOB_STORES: stores }).length, 1, stores);
    for (const places of ["media", "Media=default", "user:x=default", "group:a=default", "kind:document=default"])
      assert.equal(problems([], { KINORA_BLOB_PLACES: places }).length, 1, places);
  });

  it("reads a secret from a file, reports an unreadable file, and never shows a secret", async () => {
    await writeFile(join(cwd, "secret"), `${strong}\n`);
    assert.equal(load([], { KINORA_CLUSTER_SECRET_FILE: join(cwd, "secret") }).config.cluster.secret, strong);
    assert.deepEqual(problems([], { KINORA_CLUSTER_SECRET_FILE: "/nowhere" }), [
      "KINORA_CLUSTER_SECRET_FILE: the file /nowhere cannot be read",
    ]);
    const twice = { KINORA_CLUSTER_SECRET: strong, KINORA_CLUSTER_SECRET_FILE: join(cwd, "secret") };
    assert.match(problems([], twice)[0] ?? "", /KINORA_CLUSTER_SECRET is set as well/);
    assert.deepEqual(problems([], { KINORA_PORT_FILE: "x" }), [
      "KINORA_PORT_FILE: there is no such setting, see --help",
    ]);
    const canary = { KINORA_DB_URL: "mysql://u:canary@h", KINORA_CLUSTER_SECRET: "canary" };
    assert.ok(!problems([], canary).join().includes("canary"));
  });

  for (const weak of ["short", "a".repeat(64), "changeme-changeme-ABCDEFGH-987654", "0123456789abcdefghijklmnopqrstuv"])
    it(`refuses the weak cluster secret ${weak}`, () =>
      assert.match(problems([], { KINORA_CLUSTER_SECRET: weak })[0] ?? "", /^KINORA_CLUSTER_SECRET: must /));

  it("refuses a setting without another one that it needs", () => {
    assert.deepEqual(problems(["--tls-cert", "c.pem"]), ["--tls-cert: needs --tls-key as well"]);
    assert.deepEqual(problems([], { KINORA_ADMIN_PASSWORD: "long enough" }), [
      "KINORA_ADMIN_PASSWORD: needs KINORA_ADMIN_USERNAME as well",
    ]);
    assert.match(problems(["--registry-address", "user=a:1"])[0] ?? "", /needs KINORA_CLUSTER_SECRET/);
    assert.deepEqual(problems([], { KINORA_CLUSTER_SECRET_PREVIOUS: strong }), [
      "KINORA_CLUSTER_SECRET_PREVIOUS: needs KINORA_CLUSTER_SECRET as well",
    ]);
  });

  it("refuses an RPC port on a network without certificates, unless that is said", () => {
    const files = { KINORA_RPC_TLS_CERT: "c.pem", KINORA_RPC_TLS_KEY: "k.pem", KINORA_RPC_TLS_CA: "ca.pem" };
    const open = { KINORA_RPC_PORT: "7000", KINORA_RPC_HOST: "0.0.0.0" };
    assert.deepEqual(problems([], open), [
      "KINORA_RPC_HOST: 0.0.0.0 is reached by other machines, so the RPC port needs certificates: set KINORA_RPC_TLS_CERT, KINORA_RPC_TLS_KEY, KINORA_RPC_TLS_CA (npm run certs makes them), or KINORA_RPC_TLS=off on a network where nobody else is",
    ]);
    for (const host of ["10.0.0.1", "::", "kinora.internal", "127.0.0.1.example"])
      assert.match(problems([], { ...open, KINORA_RPC_HOST: host })[0] ?? "", /^KINORA_RPC_HOST: /);
    for (const more of [files, { KINORA_RPC_TLS: "off" }, { KINORA_RPC_HOST: "127.0.0.2" }, { KINORA_RPC_HOST: "::1" }])
      assert.equal(load([], { ...open, ...more }).config.cluster.rpcPort, 7000);
    assert.equal(load([], files).config.cluster.rpcTlsKey, join(cwd, "k.pem"));
    assert.deepEqual(problems([], { KINORA_RPC_TLS_CA: "ca.pem" }), [
      "KINORA_RPC_TLS_CA: needs KINORA_RPC_TLS_CERT and KINORA_RPC_TLS_KEY as well",
    ]);
    assert.deepEqual(problems([], { KINORA_RPC_TLS: "on" }), [
      "KINORA_RPC_TLS: `on` needs KINORA_RPC_TLS_CERT, KINORA_RPC_TLS_KEY, KINORA_RPC_TLS_CA",
    ]);
    assert.deepEqual(problems([], { ...files, KINORA_RPC_TLS: "off" }), [
      "KINORA_RPC_TLS: `off` contradicts KINORA_RPC_TLS_CERT: remove one of them",
    ]);
  });

  it("ignores empty variables and variables set by container schedulers", () => {
    const env = { KINORA_PORT: "", KINORA_SERVICE_HOST: "10.0.0.1", KINORA_PORT_8080_TCP_ADDR: "10.0.0.1", PORT: "1" };
    assert.equal(load([], env).config.server.port, 8080);
    const links = { KINORA_PORT: "tcp://10.0.0.1:80", KINORA_RTMP_PORT: "tcp://10.0.0.2:1935" };
    assert.equal(load([], links).config.server.port, 8080);
    assert.match(problems([], { KINORA_PORT: "http://10.0.0.1" })[0] ?? "", /^KINORA_PORT: must be a whole number/);
  });

  it("prints help for every setting, even with an unknown flag", () => {
    const help = load(["--help", "--nope"]).help ?? "";
    for (const { flag, env, row } of settingsIn(configSchema(roles)))
      if (row === undefined) assert.ok(help.includes(flag ?? env) && help.includes(env), env);
    assert.equal(load().help, undefined);
  });

  it("documents every setting", () => {
    const text = configurationDocument(roles);
    for (const { env, row } of settingsIn(configSchema(roles))) assert.ok(text.includes(row ?? `\`${env}\``), env);
  });

  it("gives each setting a unique variable and flag", () => {
    const settings = settingsIn(configSchema(roles));
    assert.ok(settings.length > 40);
    for (const names of [settings.map(({ env }) => env), settings.flatMap(({ flag }) => flag ?? [])])
      assert.equal(new Set(names).size, names.length);
  });

  it("reads sizes and durations with their units", () => {
    const [bytes, ms] = [size(0), duration(0, 1e12)];
    assert.deepEqual(
      ["20 GiB", "500MB", "1.5 KiB", 7].map((one) => bytes.parse(one)),
      [21474836480, 5e8, 1536, 7],
    );
    assert.deepEqual(
      ["15m", "12 h", "30d", "250", "1.5s"].map((one) => ms.parse(one)),
      [9e5, 432e5, 2592e6, 250, 1500],
    );
    for (const wrong of ["", "m", "-1", "5 weeks", "1e3", "NaN"]) assert.ok(!bytes.safeParse(wrong).success, wrong);
  });

  it("answers any command line with a configuration or a ConfigError", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom("--port", "--data", "--services", "--", "-h", "--demo=x", "--=", "--no-demo"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (argv) => {
        try {
          load(argv.map((arg) => arg.replaceAll("\0", "")));
        } catch (error) {
          assert.ok(error instanceof ConfigError && error.problems.length > 0);
        }
      }),
    );
  });
});

describe("a generated secret", () => {
  it("is generated once for concurrent callers, and readable only by its owner (S3.3)", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-secret-"));
    try {
      const all = await Promise.all(Array.from({ length: 8 }, () => keptSecret(folder, "cluster.secret")));
      assert.equal(new Set([...all, await keptSecret(folder, "cluster.secret")]).size, 1);
      assert.match(all[0] ?? "", /^[\w-]{43}$/);
      assert.equal((await stat(join(folder, "cluster.secret"))).mode & 0o777, 0o600);
      await writeFile(join(folder, "cluster.secret"), "weak");
      await assert.rejects(keptSecret(folder, "cluster.secret"), /does not hold a strong secret/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

let root: string;
let cwd: string;
let cases = 0;
const strong = "kX3-vQ9_bT7wLr2ZpYd8MfHs4JgNc6Ue1Ra0";
const roles = {
  names: ["gateway", "auth", "user", "video", "transcoder", "message"],
  aliases: { account: "user", metadata: "video" },
};
const load = (argv: readonly string[] = [], env: Record<string, string> = {}) => loadConfig(argv, env, cwd, roles);

/** The complaints of a load, a line each. */
function problems(argv: readonly string[] = [], env: Record<string, string> = {}): string[] {
  try {
    load(argv, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message.split("\n");
  }
  return [];
}
