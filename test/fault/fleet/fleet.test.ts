import assert from "node:assert/strict";
import { after, before } from "node:test";
import { CertificateFolder, testAuthority } from "#kernel/certificates/testing";
import { isNightly } from "../../depth.ts";
import { fleetConformance, ofThree, ofTwo } from "./fleet.ts";

let certificates: CertificateFolder | undefined;
before(async () => void (certificates = await CertificateFolder.issue(await testAuthority())));
after(() => certificates?.[Symbol.asyncDispose]());

fleetConformance("three processes with mutual TLS", ofThree, () => {
  assert.ok(certificates);
  const { cert, key, ca } = certificates.files;
  return { KINORA_RPC_TLS_CERT: cert, KINORA_RPC_TLS_KEY: key, KINORA_RPC_TLS_CA: ca };
});
if (isNightly) fleetConformance("two processes", ofTwo);
