import {
  type Address,
  appendTransactionMessageInstructions,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase58Decoder,
  type Instruction,
  type KeyPairSigner,
  lamports,
  pipe,
  setTransactionMessageFeePayerSigner,
  signTransactionMessageWithSigners,
  address,
} from "@solana/kit";
import { FailedTransactionMetadata, LiteSVM } from "litesvm";
import { JsonServer } from "./json-server.ts";

const programs = [
  address("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
  address("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"),
];

interface Listed {
  readonly pubkey: string;
  readonly account: { readonly owner: string; readonly data: readonly [string, "base64"] };
}

/** A cluster of one process: Solana's virtual machine with its token programs, and the part of its JSON-RPC that is asked. */
export interface Solana extends AsyncDisposable {
  readonly url: string;
  readonly genesis: string;
  readonly payer: KeyPairSigner;
  slot(): number;
  /** Runs instructions in a slot of their own. @throws where they fail */
  send(instructions: readonly Instruction[]): Promise<void>;
  /** All slots up to now are final. */
  finalize(): void;
}

export async function startSolana(): Promise<Solana> {
  const svm = new LiteSVM();
  const payer = await generateKeyPairSigner();
  svm.airdrop(payer.address, lamports(10_000_000_000n));
  const genesis = getBase58Decoder().decode(new Uint8Array(32).fill(7));
  let slot = 100;
  let finalized = { slot, accounts: listAccounts(svm) };
  const server = new JsonServer(async (request) => {
    const body: unknown = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    return { status: 200, body: Array.isArray(body) ? body.map(answer) : answer(body as Call) }; // Bodies of our client.
  });
  await server.start();

  function answer({ id, method, params }: Call): object {
    const options = params.at(-1) as { commitment?: string; minContextSlot?: number } | undefined; // As the protocol says.
    const isFinal = options?.commitment === "finalized";
    const at = isFinal ? finalized.slot : slot;
    const respond = (result: unknown) => ({ jsonrpc: "2.0", id, result });
    if (method === "getGenesisHash") return respond(genesis);
    if (method === "getSlot") return respond(at);
    if (method === "getBlockTime") return respond(Math.floor(Date.now() / 1_000));
    if (method !== "getTokenAccountsByOwner") return { id, error: { code: -32_601, message: "Method not found" } };
    if ((options?.minContextSlot ?? 0) > at)
      return { id, error: { code: -32_016, message: "Minimum context slot has not been reached" } };
    const [owner, { mint }] = params as [string, { mint: string }]; // As the protocol says.
    const accounts = isFinal ? finalized.accounts : listAccounts(svm);
    const value = accounts.filter(({ account }) => {
      const bytes = Buffer.from(account.data[0], "base64");
      return base58(bytes.subarray(0, 32)) === mint && base58(bytes.subarray(32, 64)) === owner;
    });
    return respond({ context: { slot: at }, value });
  }
  return {
    url: server.origin,
    genesis,
    payer,
    slot: () => slot,
    async send(instructions) {
      const message = pipe(
        createTransactionMessage({ version: 0 }),
        (empty) => setTransactionMessageFeePayerSigner(payer, empty),
        (paid) => svm.setTransactionMessageLifetimeUsingLatestBlockhash(paid),
        (lasting) => appendTransactionMessageInstructions(instructions, lasting),
      );
      const result = svm.sendTransaction(await signTransactionMessageWithSigners(message));
      if (result instanceof FailedTransactionMetadata) throw new Error(result.toString());
      slot += 1;
      svm.expireBlockhash();
    },
    finalize() {
      finalized = { slot, accounts: listAccounts(svm) };
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

const base58 = (bytes: Uint8Array): string => getBase58Decoder().decode(bytes);

/** Accounts of 165 bytes and more; mints are shorter, or say that they are mints. */
function listAccounts(svm: LiteSVM): readonly Listed[] {
  return programs.flatMap((program: Address) =>
    svm
      .getProgramAccounts(program)
      .filter(({ data }) => data.length === 165 || data[165] === 2)
      .map(({ address: pubkey, data }) => ({
        pubkey,
        account: { owner: program, data: [Buffer.from(data).toString("base64"), "base64"] as const },
      })),
  );
}
