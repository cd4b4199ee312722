import { expiryNoticeMs } from "../../src/kernel/certificates/renewed-certificates.ts";
import { type Config, ConfigError } from "../../src/kernel/config/load.ts";
import { type Finding, missing, ok, warn } from "../../src/kernel/doctor/finding.ts";
import { nodeNumbers } from "../../src/kernel/ids/id.ts";
import { heldNumbers } from "../../src/kernel/ids/nodes/store.ts";
import { isOpenable } from "../../src/kernel/keys/keyring.ts";
import { createSealing } from "../../src/kernel/keys/sealing.ts";
import * as keyStore from "../../src/kernel/keys/store.ts";
import { certificateFilesOf, isInClearText, readCertificates } from "../compose/certificates.ts";
import { clusterSecretsOf } from "../compose/fleet/cluster-secret.ts";
import { addressBeside, createRunningDatabases, openKernelTables } from "../compose/databases/running-databases.ts";
import { loadPlugins } from "../services.ts";

const numbersFew = 8;

/** The certificate of the RPC port, and the keys and node numbers in the databases of a running server. */
export const fleetChecks = async (config: Config): Promise<Finding[]> => [
  ...(await certificateCheck(config)),
  ...(await databaseChecks(config)),
];

async function certificateCheck(config: Config): Promise<Finding[]> {
  const files = certificateFilesOf(config);
  if (isInClearText(config))
    return [
      warn(
        "certificate",
        `none: the RPC port is open to the network at ${config.cluster.rpcHost} without TLS`,
        "set KINORA_RPC_TLS_CERT, KINORA_RPC_TLS_KEY and KINORA_RPC_TLS_CA instead of KINORA_RPC_TLS=off",
      ),
    ];
  if (!files) return [];
  try {
    const { endsAtMs, authorityEndsAtMs } = await readCertificates(files);
    const says = `the certificate of the RPC port ends at ${iso(endsAtMs)}, its authority at ${iso(authorityEndsAtMs)}`;
    return [
      Math.min(endsAtMs, authorityEndsAtMs) - Date.now() > expiryNoticeMs
        ? ok("certificate", says)
        : warn("certificate", says, "renew it, for example with npm run certs -- renew"),
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [problem] = error.problems;
    const says = problem ? `${problem.where}: ${problem.says}` : error.message;
    return [missing("certificate", says, "the file has to be mended before the next start")];
  }
}

/** Nothing where no server runs. */
async function databaseChecks(config: Config): Promise<Finding[]> {
  const plugins = [];
  for (const plugin of await loadPlugins()) if (await addressBeside(config, plugin.contract.name)) plugins.push(plugin);
  if (plugins.length === 0) return [];
  const databases = createRunningDatabases(config);
  try {
    const secrets = await clusterSecretsOf(config);
    const sealings = { any: createSealing(secrets), first: createSealing([secrets[0]]) };
    const closedKeys: string[] = [];
    const staleKeys: string[] = [];
    let held = 0;
    for (const plugin of plugins) {
      const service = plugin.contract.name;
      const db = await openKernelTables(databases, plugin);
      held = Math.max(held, await heldNumbers(db));
      const rows = await keyStore.list(db);
      for (const row of rows) {
        const name = `${service}.${row.name}`;
        if (!isOpenable({ service, sealing: sealings.any }, row)) closedKeys.push(name);
        else if (!isOpenable({ service, sealing: sealings.first }, row)) staleKeys.push(name);
      }
    }
    return [keysFinding(closedKeys, staleKeys), numbersFinding(held)];
  } catch (error) {
    // A server that is just starting or of another version; its own row says more.
    return [warn("keys", `cannot be read: ${error instanceof Error ? error.message : String(error)}`, "start Kinora")];
  } finally {
    await databases.close();
  }
}

function keysFinding(closedKeys: readonly string[], staleKeys: readonly string[]): Finding {
  if (closedKeys.length === 0 && staleKeys.length > 0)
    return warn(
      "keys",
      `sealed with KINORA_CLUSTER_SECRET_PREVIOUS: ${staleKeys.join(", ")}`,
      "seal them with the new secret, once every process has it: npm run keys -- reseal",
    );
  if (closedKeys.length === 0) return ok("keys", "the cluster secret opens the keys in the database");
  return missing(
    "keys",
    `sealed with another cluster secret: ${closedKeys.join(", ")}`,
    "set KINORA_CLUSTER_SECRET to that of the installation, or make new keys: npm run keys -- renew",
  );
}

function numbersFinding(held: number): Finding {
  const says = `up to ${held} of ${nodeNumbers} node numbers of a service are held`;
  if (nodeNumbers - held > numbersFew) return ok("ids", says);
  return warn("ids", says, `no more than ${nodeNumbers} processes can run a service: stop some`);
}

const iso = (ms: number): string => new Date(ms).toISOString();
