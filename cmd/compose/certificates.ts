import {
  BadCertificate,
  type CertificateFiles,
  type Certificates,
  checkCertificates,
  readCertificateFiles,
} from "../../src/kernel/certificates/certificates.ts";
import { RenewedCertificates } from "../../src/kernel/certificates/renewed-certificates.ts";
import { type Config, ConfigError } from "../../src/kernel/config/load.ts";
import { isLoopback } from "../../src/kernel/config/values.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import { roleNames } from "../services.ts";

/** DNS names by which a certificate is that of a process. */
export const processNames: readonly string[] = ["kinora", ...roleNames];

const settings: Readonly<Record<keyof CertificateFiles, string>> = {
  cert: "KINORA_RPC_TLS_CERT",
  key: "KINORA_RPC_TLS_KEY",
  ca: "KINORA_RPC_TLS_CA",
};
const remedy = "npm run certs makes and renews certificates";

/** The certificate files of the RPC port and its clients; undefined without TLS. */
export function certificateFilesOf({ cluster }: Config): CertificateFiles | undefined {
  const { rpcTlsCert: cert, rpcTlsKey: key, rpcTlsCa: ca } = cluster;
  return cert === undefined || key === undefined || ca === undefined ? undefined : { cert, key, ca };
}

/**
 * The certificates of the RPC port and its clients, which are renewed with their files; undefined without TLS.
 * @throws ConfigError for files that cannot be used
 */
export async function openCertificates(config: Config, log: Log): Promise<RenewedCertificates | undefined> {
  const files = certificateFilesOf(config);
  if (isInClearText(config))
    log.warn("the RPC port is open to a network without TLS: tokens and passwords can be read there", {
      host: config.cluster.rpcHost,
    });
  return files && asConfigError(() => RenewedCertificates.open({ files, names: processNames, log }));
}

/** True if the RPC port takes connections of other machines without TLS. */
export const isInClearText = (config: Config): boolean =>
  config.cluster.rpcPort !== undefined &&
  !isLoopback(config.cluster.rpcHost) &&
  certificateFilesOf(config) === undefined;

/** The certificates as they are in their files now. @throws ConfigError for files that cannot be used */
export const readCertificates = (files: CertificateFiles): Promise<Certificates> =>
  asConfigError(async () => checkCertificates(await readCertificateFiles(files), processNames, Date.now()));

async function asConfigError<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof BadCertificate)) throw error;
    throw new ConfigError([{ where: settings[error.file], says: `${error.message}; ${remedy}` }]);
  }
}
