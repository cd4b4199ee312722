import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { privateKeyToAccount } from "viem/accounts";
import { base58Of } from "../../src/chain/base58.ts";
import { hexOf } from "../../src/chain/bytes.ts";
import type { EndpointPort } from "../../src/chain/endpoints/port.ts";
import { evmHoldings } from "../../src/chain/holdings/evm-holdings.ts";
import { personalDigest, recoverEvmAddress } from "../../src/chain/signature/evm-signature.ts";
import { isSolanaSignature } from "../../src/chain/signature/solana-signature.ts";
import { deploy } from "../../test/chain/deploy.ts";
import { endpointAt } from "../../test/chain/endpoints.ts";
import { startAnvil } from "../../test/servers/anvil.ts";
import { median, record } from "../record.ts";

/*
 * Holders of a token on a local EVM chain: the time and the batches of a look at 1, 100 and 1,000 wallets, with one and
 * two endpoints, and the time of one signature.
 */
const rounds = 21;
const chainId = 31_337;
await using chain = await startAnvil(chainId);
const contract = await deploy(chain, "Coin");
await chain.mine(4);

/** Medians of milliseconds and of batches. */
async function look(endpoints: number, checks: number): Promise<string> {
  const times: number[] = [];
  let batches = 0;
  for (let round = 0; round < rounds; round++) {
    batches = 0;
    const endpoint = endpointAt(chain.url);
    const port: EndpointPort = {
      ask: (body, limits) => {
        batches += 1;
        return endpoint.ask(body, limits);
      },
    };
    const list = Array.from({ length: checks }, () => ({
      wallet: hexOf(randomBytes(20)),
      condition: { standard: "erc20", contract, min: 1n } as const,
    }));
    const beganMs = performance.now();
    const holdings = await evmHoldings(
      {
        chain: {
          id: chainId,
          agree: endpoints,
          grant: { kind: "finalized" },
          genesis: "",
          block_age_max_seconds: 120,
          deadline_ms: 3_000,
        },
        endpoints: Array.from({ length: endpoints }, () => port),
        now: Date.now,
      },
      list,
    );
    times.push(performance.now() - beganMs);
    if (holdings.some(({ state }) => state !== "not_held")) throw new Error("a look-up failed");
  }
  return `| ${checks} | ${endpoints} | ${median(times).toFixed(1)} ms | ${Math.max(...times).toFixed(0)} ms | ${batches} |`;
}

/** Median of milliseconds. */
function verifyOften(verify: () => boolean): string {
  const times = Array.from({ length: 201 }, () => {
    const beganMs = performance.now();
    if (!verify()) throw new Error("a signature is refused");
    return performance.now() - beganMs;
  });
  return `${median(times).toFixed(2)} ms`;
}

const message = "video.example wants you to sign in";
const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const evmSignature = await account.signMessage({ message });
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const solanaAddress = base58Of(Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url"));
const solanaSignature = base58Of(sign(null, Buffer.from(message), privateKey));

const rows: string[] = [];
for (const endpoints of [1, 2]) for (const checks of [1, 100, 1_000]) rows.push(await look(endpoints, checks));
await record("holdings", [
  `${rounds} rounds of different wallets at anvil on loopback, which all endpoints are; batches are of all endpoints together.`,
  "",
  "| checks | endpoints that must agree | median | longest | batches |",
  "|---|---|---|---|---|",
  ...rows,
  "",
  `A signature of an EVM key takes ${verifyOften(
    () => recoverEvmAddress(personalDigest(message), evmSignature) === account.address.toLowerCase(),
  )}, one of a Solana key ${verifyOften(() => isSolanaSignature(message, solanaSignature, solanaAddress))}.`,
]);
