import { Role } from "#events/auth";
import { z } from "zod";

const providersMax = 20;
const bytesMax = { icon: 20_000 };

/** A picture of another host would show that host every visitor of the log-in page, and pages load none from there. */
const Icon = z
  .string()
  .max(bytesMax.icon)
  .regex(
    /^(?:data:image\/(?:png|svg\+xml|webp|jpeg|gif)[;,]|\/[\w-])/,
    "icon_url is a picture as a data: address, or a path of this site",
  );
const claim = z.string().min(1).max(200);

const Provider = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "an id has lower-case letters, digits and dashes, at most 40")
      .refine((id) => id !== "callback", "the id callback is taken by an address of Kinora"),
    name: z.string().min(1).max(60),
    icon_url: Icon.default(""),
    issuer: z
      .url({
        protocol: /^https?$/,
        abort: true,
        error: "an issuer is an address of https, or of http in a network of one's own",
      })
      .max(2_048)
      .refine((url) => !/[?#]/.test(url), "an issuer has no query and no fragment"),
    client_id: z.string().min(1).max(500),
    client_secret: z.string().min(1).max(2_000),
    scopes: z
      .string()
      .max(500)
      .refine((text) => text.split(" ").includes("openid"), "scopes has openid among them")
      .default("openid profile email"),
    /** The claim of the ID token that names the user and never changes. */
    subject_claim: claim.default("sub"),
    username_claim: claim.default("preferred_username"),
    /** A claim, or the path to one with dots between: a text or a list of them. */
    role_claim: claim.optional(),
    roles: z.record(z.string().min(1).max(200), Role).optional(),
    /** A user that no account is linked to gets one, as far as people may sign up. */
    sign_up: z.boolean().default(true),
  })
  .superRefine(({ role_claim, roles = {} }, context) => {
    if ((role_claim === undefined) !== (Object.keys(roles).length === 0))
      context.addIssue({ code: "custom", path: ["roles"], message: "role_claim and roles belong together" });
  });

const hasTwice = (texts: readonly string[]): boolean => new Set(texts).size < texts.length;

/** The value of `KINORA_OIDC`. */
export const Providers = z
  .array(Provider)
  .max(providersMax)
  .refine((providers) => !hasTwice(providers.map(({ id }) => id)), "an id occurs twice")
  // Two claims of one issuer may have equal values for different users.
  .refine((providers) => !hasTwice(providers.map(({ issuer }) => new URL(issuer).href)), "an issuer occurs twice");

export type Provider = z.output<typeof Provider>;

/** @throws {TypeError} what is wrong, for the operator, without secrets */
export function readProviders(text: string): readonly Provider[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TypeError("must be JSON");
  }
  const providers = Providers.safeParse(value);
  if (providers.success) return providers.data;
  const [issue] = providers.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  throw new TypeError(`${path === "" ? "" : `at ${path}: `}${issue?.message ?? "must be a list of providers"}`);
}
