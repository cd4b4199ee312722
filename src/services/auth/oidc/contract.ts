import { command } from "#kernel";
import { z } from "zod";
import { LastWayIn, ProviderFailed, ProviderNotFound } from "../failures.ts";
import { InvitationCode } from "../invitations/contract.ts";
import { Session } from "../sessions/contract.ts";

const ProviderId = z.string().min(1).max(40);
/** The page that follows; another address than a path of this site is the start page. */
const NextPage = z.string().max(500);

/** Why a browser comes back without what it went for. */
export const ProviderProblem = z.object({
  code: z.string(),
  /** The name of the provider; empty where the sign-in is unknown. */
  provider: z.string(),
  /** The ticket of a sign-in that a second step continues. */
  ticket: z.string().optional(),
  methods: z.array(z.string()).optional(),
});

const departure = {
  /** The address of the provider to open in this browser. */
  url: z.string(),
  /** The text of the cookie by which the browser is known again; never in an answer of REST. */
  flow: z.string().optional(),
};
const ofOwner = { auth: "user", rate: "login", scope: "none" } as const;

export const oidcMethods = {
  /** For the route that sends browsers to a provider. */
  beginProviderSignIn: command({
    auth: "service",
    input: z.object({ id: ProviderId, next: NextPage, invitation: InvitationCode.optional() }),
    output: z.object({ ...departure, flow: z.string() }),
    errors: [ProviderFailed, ProviderNotFound],
  }),
  /** For the route that browsers come back to. A failure is an answer here: the browser needs a page in either case. */
  finishProviderFlow: command({
    auth: "service",
    input: z.object({
      /** The text of the cookie; empty where there is none. */
      flow: z.string().max(400),
      /** The query that the provider sent. */
      query: z.string().max(8_000),
    }),
    output: z.object({
      /** The path of the page that follows. */
      next: z.string(),
      /** The page shows a problem itself, instead of the page for signing in. */
      isOnPage: z.boolean(),
      session: Session.optional(),
      problem: ProviderProblem.optional(),
    }),
  }),
  linkProvider: command({
    http: "POST /api/v1/auth/oidc/:id/link",
    ...ofOwner,
    freshness: "required",
    summary:
      "Begins to link a user of a provider to the account of the caller. The browser opens `url`, and comes back to `next`, with `#error=` and a code where it failed.",
    input: z.object({ id: ProviderId, next: NextPage.default("/settings/security") }),
    output: z.object(departure),
    errors: [ProviderFailed, ProviderNotFound],
  }),
  confirmByProvider: command({
    http: "POST /api/v1/auth/oidc/:id/fresh",
    ...ofOwner,
    summary:
      "Begins to prove again who the caller is, at a provider that is linked to the account. The browser opens `url`, signs in there anew, and comes back to `next`.",
    input: z.object({ id: ProviderId, next: NextPage.default("/settings/security") }),
    output: z.object(departure),
    errors: [ProviderFailed, ProviderNotFound],
  }),
  unlinkProvider: command({
    http: "DELETE /api/v1/auth/oidc/:id/link",
    ...ofOwner,
    freshness: "required",
    idempotent: true,
    summary: "Takes the user of a provider from the account of the caller, and the role that the provider gave it.",
    input: z.object({ id: ProviderId }),
    output: z.object({}),
    errors: [ProviderNotFound, LastWayIn],
  }),
};
