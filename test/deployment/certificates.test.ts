import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { KeyPair } from "#kernel/certificates/authority";
import { CertificateFolder, testAuthority } from "#kernel/certificates/testing";
import { silentLog } from "#kernel/log/port";
import { openCertificates } from "../../cmd/compose/certificates.ts";
import { loadConfig } from "../../cmd/compose/config.ts";
import { fleetChecks } from "../../cmd/doctor/fleet.ts";
import { failedStart } from "../instance/failed-start.ts";
import { Instance } from "../instance/instance.ts";

describe("certificates of the RPC port", () => {
  before(async () => void (authority = await testAuthority()));

  it("that cannot be used end a start with exit code 2, and one sentence with the setting and the remedy", async () => {
    await using folder = await CertificateFolder.issue(authority, "video", -1);
    await using instance = await Instance.on({ flags: ["--rpc-port", "0"], env: settingsOf(folder) });
    const refused = async (sentence: RegExp) => {
      const { code, text } = await failedStart(instance);
      assert.match(text, sentence);
      assert.equal(code, 2);
    };
    await refused(/^KINORA_RPC_TLS_CERT: the certificate ended at \S+; npm run certs makes and renews certificates$/);
    await folder.renew(authority, "player");
    await refused(/^KINORA_RPC_TLS_CERT: must have one of these DNS names: kinora, gateway, /);
    await folder.renew(authority);
    await folder.write({ ca: (await testAuthority()).cert });
    await refused(/^KINORA_RPC_TLS_CERT: is not signed by the authority; npm run certs /);
  });

  it("are a row of the doctor, which warns before their end", async () => {
    await using folder = await CertificateFolder.issue(authority, "kinora", 15);
    const look = async () => {
      const { config } = loadConfig(["--data", join(tmpdir(), "kinora-none")], settingsOf(folder), tmpdir());
      const [finding] = await fleetChecks(config);
      assert.equal(finding?.name, "certificate");
      return finding;
    };
    assert.partialDeepStrictEqual(await look(), { state: "ok" });
    await folder.renew(authority, "kinora", 13);
    const soon = await look();
    assert.deepEqual([soon.state, soon.mend], ["warn", "renew it, for example with npm run certs -- renew"]);
    assert.match(soon.says, /^the certificate of the RPC port ends at \S+Z, its authority at \S+Z$/);
    await folder.write({ key: "" });
    assert.partialDeepStrictEqual(await look(), { state: "missing" });
  });
});

describe("an RPC port that is open to a network without TLS", () => {
  it("is a warning of the log and of the doctor", async () => {
    const env = { KINORA_RPC_PORT: "0", KINORA_RPC_HOST: "0.0.0.0", KINORA_RPC_TLS: "off" };
    const load = (more: Record<string, string>) =>
      loadConfig(["--data", join(tmpdir(), "kinora-none")], { ...env, ...more }, tmpdir()).config;
    const lines: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void lines.push(message) };
    assert.equal(await openCertificates(load({}), log), undefined);
    assert.deepEqual(lines, ["the RPC port is open to a network without TLS: tokens and passwords can be read there"]);
    const [finding] = await fleetChecks(load({}));
    assert.deepEqual([finding?.name, finding?.state], ["certificate", "warn"]);
    await openCertificates(load({ KINORA_RPC_HOST: "127.0.0.1" }), log);
    assert.equal(lines.length, 1);
    assert.deepEqual(await fleetChecks(load({ KINORA_RPC_HOST: "127.0.0.1" })), []);
  });
});

let authority: KeyPair;

const settingsOf = ({ files }: CertificateFolder) => ({
  KINORA_RPC_TLS_CERT: files.cert,
  KINORA_RPC_TLS_KEY: files.key,
  KINORA_RPC_TLS_CA: files.ca,
});
