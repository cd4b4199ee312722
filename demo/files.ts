import type { Call, Id } from "../src/kernel/index.ts";
import { upload } from "../src/services/upload/contract.ts";
import type { DemoHost } from "./host.ts";

/** Stores a file of the caller, as an upload by a form would. */
export async function storeFile(
  { client, blob }: Pick<DemoHost, "client" | "blob">,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  call: Call,
): Promise<Id> {
  const { session } = await client(upload).open({ endpoint: "form", name, sizeBytes: bytes.byteLength }, call);
  const writer = await blob.piece();
  await writer.write(bytes);
  const pieces = await writer.keep();
  await writer.close();
  const file = await client(upload).finish({ id: session.id, pieces: [...pieces] }, call);
  return file.id;
}
