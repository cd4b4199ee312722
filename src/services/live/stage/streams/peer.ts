import type { Call, Client, Id } from "#kernel";
import { live } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";

/** The process that has the stream of a room, where another has it. */
export async function peerWith(
  { peers }: Pick<LiveHost, "peers">,
  id: Id,
  call: Call,
): Promise<Client<typeof live> | undefined> {
  const answers = await Promise.allSettled(
    peers(live).map(async (peer) => ({ peer, ...(await peer.hasStream({ id }, call)) })),
  );
  return answers.flatMap((answer) =>
    answer.status === "fulfilled" && answer.value.hasStream ? [answer.value.peer] : [],
  )[0];
}
