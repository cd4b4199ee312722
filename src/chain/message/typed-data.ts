import { checksumAddress, evmAddressBytesOf } from "../address/evm-address.ts";
import { bytesOfText, joinBytes, keccak } from "../bytes.ts";
import { wordOf } from "../word.ts";
import { assertSignIn, type SignIn } from "./sign-in.ts";

const domainFields = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
] as const;
const signInFields = [
  { name: "domain", type: "string" },
  { name: "uri", type: "string" },
  { name: "account", type: "address" },
  { name: "statement", type: "string" },
  { name: "nonce", type: "string" },
  { name: "issuedAt", type: "string" },
  { name: "expiresAt", type: "string" },
] as const;
type Field = (typeof domainFields | typeof signInFields)[number];

/** A sign-in as wallets take it for `eth_signTypedData_v4` (EIP-712). */
export interface TypedSignIn {
  readonly types: { readonly EIP712Domain: typeof domainFields; readonly SignIn: typeof signInFields };
  readonly primaryType: "SignIn";
  readonly domain: { readonly name: string; readonly version: "1"; readonly chainId: number };
  readonly message: Readonly<Record<(typeof signInFields)[number]["name"], string>>;
}

/**
 * Domain and URI are fields, because wallets do not compare the page with typed data.
 * @throws {RangeError} for a field that could look like another one
 */
export function typedSignIn(signIn: SignIn, chainId: number): TypedSignIn {
  assertSignIn(signIn);
  if (!Number.isSafeInteger(chainId) || chainId < 1) throw new RangeError(`${chainId} is no chain id`);
  const { domain, uri, address, nonce, issuedAt, expiresAt, statement = "" } = signIn;
  return {
    types: { EIP712Domain: domainFields, SignIn: signInFields },
    primaryType: "SignIn",
    domain: { name: domain, version: "1", chainId },
    message: {
      domain,
      uri,
      account: checksumAddress(address),
      statement,
      nonce,
      issuedAt: issuedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    },
  };
}

/** The 32 bytes that a wallet signs (EIP-712 §encode). */
export function typedSignInDigest({ domain, message }: TypedSignIn): Uint8Array {
  const separator = hashStruct("EIP712Domain", domainFields, domain);
  return keccak(joinBytes(Uint8Array.of(0x19, 0x01), separator, hashStruct("SignIn", signInFields, message)));
}

function hashStruct(
  name: string,
  fields: readonly Field[],
  values: Readonly<Record<string, string | number>>,
): Uint8Array {
  const type = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`;
  const words = fields.map((field) => encodeField(field.type, values[field.name] ?? ""));
  return keccak(joinBytes(keccak(bytesOfText(type)), ...words));
}

function encodeField(type: Field["type"], value: string | number): Uint8Array {
  if (type === "uint256") return wordOf(BigInt(value));
  if (type === "string") return keccak(bytesOfText(String(value)));
  return joinBytes(new Uint8Array(12), evmAddressBytesOf(String(value).toLowerCase()));
}
