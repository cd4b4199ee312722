import { generateKeyPairSync, sign } from "node:crypto";

/** A certificate for `localhost` and its key, both PEM, good for an hour, for tests: X.509 v1, RFC 5280 §4.1. */
export function selfSigned(): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const time = (ms: number) =>
    der(0x17, Buffer.from(`${new Date(ms).toISOString().replaceAll(/\D/g, "").slice(2, 14)}Z`));
  const ecdsaSha256 = der(0x30, Buffer.from("06082a8648ce3d040302", "hex"));
  const commonName = Buffer.concat([Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from("localhost"))]);
  const name = der(0x30, der(0x31, der(0x30, commonName)));
  const hourMs = 3_600_000;
  const life = der(0x30, time(Date.now() - hourMs), time(Date.now() + hourMs));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const certified = der(0x30, der(0x02, Buffer.of(1)), ecdsaSha256, name, life, name, spki);
  const signature = der(0x03, Buffer.of(0), sign("sha256", certified, privateKey));
  const lines = der(0x30, certified, ecdsaSha256, signature).toString("base64").replaceAll(/.{64}/g, "$&\n");
  const cert = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return { cert, key: String(privateKey.export({ type: "pkcs8", format: "pem" })) };
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}
