import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describeContract, protoPath } from "#kernel/rpc/wire/contract-descriptor";
import { extendLock, type Lock } from "#kernel/rpc/wire/lock";
import { protoText } from "#kernel/rpc/wire/proto-text";
import { facadeContracts } from "#gateway/compat/contracts";
import { bus } from "#kernel/rpc/bus";
import { loadContracts } from "../../cmd/services.ts";
import type { Generate } from "../generate.ts";

const lockPath = "api/contracts.lock.json";

/**
 * Gives numbers to new methods and fields of the contracts and writes them as `.proto` files. @throws BreakingChange
 */
export const generate: Generate = async () => {
  const text = await readFile(join(import.meta.dirname, "../..", lockPath), "utf8").catch(() => "{}");
  const all = [...(await loadContracts()), bus, ...facadeContracts];
  const lock = extendLock(JSON.parse(text) as Lock, all); // Written by the line below.
  return {
    [lockPath]: `${JSON.stringify(lock, null, 2)}\n`,
    ...Object.fromEntries(
      all.map((contract) => [`api/proto/${protoPath(contract)}`, protoText(describeContract(contract, lock))]),
    ),
  };
};
