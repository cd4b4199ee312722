import { getCreateAccountInstruction } from "@solana-program/system";
import {
  findAssociatedTokenPda,
  getCreateAssociatedTokenIdempotentInstruction,
  getFreezeAccountInstruction,
  getInitializeMint2Instruction,
  getMintToInstruction,
  getThawAccountInstruction,
  getTransferInstruction,
} from "@solana-program/token";
import { type Address, address, generateKeyPairSigner, type KeyPairSigner, lamports } from "@solana/kit";
import type { Solana } from "#test/servers/solana";

/** A token of its own, whose accounts the payer can freeze. */
export async function createSplToken(
  cluster: Solana,
  programAddress: Address = address("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
) {
  const { payer } = cluster;
  const mintKey = await generateKeyPairSigner();
  const mint = mintKey.address;
  const config = { programAddress };
  await cluster.send([
    getCreateAccountInstruction({
      payer,
      newAccount: mintKey,
      lamports: lamports(10_000_000n),
      space: 82,
      programAddress,
    }),
    getInitializeMint2Instruction(
      { mint, decimals: 0, mintAuthority: payer.address, freezeAuthority: payer.address },
      config,
    ),
  ]);
  const accountOf = async (owner: Address) =>
    (await findAssociatedTokenPda({ owner, mint, tokenProgram: programAddress }))[0];
  const open = async (owner: Address) =>
    getCreateAssociatedTokenIdempotentInstruction({
      payer,
      ata: await accountOf(owner),
      owner,
      mint,
      tokenProgram: programAddress,
    });
  return {
    mint,
    mintTo: async (owner: Address, amount: bigint) =>
      cluster.send([
        await open(owner),
        getMintToInstruction({ mint, token: await accountOf(owner), mintAuthority: payer, amount }, config),
      ]),
    transfer: async (from: KeyPairSigner, to: Address, amount: bigint) =>
      cluster.send([
        await open(to),
        getTransferInstruction(
          { source: await accountOf(from.address), destination: await accountOf(to), authority: from, amount },
          config,
        ),
      ]),
    freeze: async (owner: Address) =>
      cluster.send([getFreezeAccountInstruction({ account: await accountOf(owner), mint, owner: payer }, config)]),
    thaw: async (owner: Address) =>
      cluster.send([getThawAccountInstruction({ account: await accountOf(owner), mint, owner: payer }, config)]),
  };
}
