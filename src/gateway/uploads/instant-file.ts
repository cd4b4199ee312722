import { type Call, type Client, KinoraError } from "#kernel";
import { type StoredFile, upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import type { ClientOf } from "../client-of.ts";

type Request = Omit<Parameters<Client<typeof upload>["instant"]>[0], "publicFileId">;

/**
 * A file of content that is stored already, by its hash; null where the client has to send it. Content of others is given
 * where the operator allows it, or where everybody may download it here. Without the services that know this, the client
 * sends the bytes.
 */
export async function instantFile(client: ClientOf, request: Request, call: Call): Promise<StoredFile | null> {
  const { file, others: othersFileIds } = await client(upload).instant(request, call);
  if (file || othersFileIds === undefined) return file;
  const [publicFileId] = await publicAmong(client, othersFileIds, call);
  if (publicFileId === undefined) return null;
  return (await client(upload).instant({ ...request, publicFileId }, call)).file;
}

async function publicAmong(client: ClientOf, fileIds: readonly number[], call: Call): Promise<readonly number[]> {
  try {
    return (await client(video).publicFiles({ fileIds: [...fileIds] }, call)).fileIds;
  } catch (error) {
    if (error instanceof KinoraError && error.retryable) return [];
    throw error;
  }
}
