import { Chains } from "#chain/chains";
import { z } from "zod";
import { Providers } from "./providers/provider-list.ts";

const minuteMs = 60_000;

export const Settings = z.object({
  accessLifeMs: z.int().default(15 * minuteMs),
  refreshLifeMs: z.int().default(30 * 24 * 60 * minuteMs),
  /** The configured name of the instance, and its address in mails and for passkeys, without a slash at its end. */
  siteName: z.string().default("Kinora"),
  address: z.string().default("http://localhost:8080"),
  /** The address was configured, and is not that of this machine's own port. */
  hasPublicAddress: z.boolean().default(false),
  /** Personal tokens may be made without an end. */
  hasEndlessTokens: z.boolean().default(false),
  /** The chains that wallets sign in on and gates ask. */
  chains: Chains.default([]),
  /** The providers that people sign in with. */
  providers: Providers.default([]),
  registration: z.enum(["open", "approval", "closed"]).default("open"),
});
export type Settings = z.output<typeof Settings>;
