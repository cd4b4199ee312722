/** The part of the provider that tests use; its package has no types. */
declare module "oidc-provider" {
  import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

  export interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  export interface ProviderContext {
    readonly path: string;
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    body: unknown;
    readonly oidc: {
      readonly client?: { readonly clientId: string };
      readonly session?: { readonly accountId: string };
      readonly provider: Provider;
    };
  }
  interface Configuration {
    readonly clients: readonly object[];
    readonly jwks: { readonly keys: readonly object[] };
    readonly cookies: { readonly keys: readonly string[] };
    readonly claims: Readonly<Record<string, readonly string[]>>;
    readonly features: object;
    readonly ttl: Readonly<Record<string, number>>;
    readonly interactions: { url(context: ProviderContext, interaction: { readonly uid: string }): string };
    findAccount(context: ProviderContext, accountId: string): { readonly accountId: string; claims(): object };
    loadExistingGrant(context: ProviderContext): Promise<Grant>;
  }
  class Provider {
    constructor(issuer: string, configuration: Configuration);
    readonly Grant: new (of: {
      clientId: string | undefined;
      accountId: string | undefined;
    }) => Grant;
    readonly Client: { readonly prototype: { redirectUriAllowed: (uri: string) => boolean } };
    use(middleware: (context: ProviderContext, next: () => Promise<void>) => Promise<unknown>): void;
    callback(): RequestListener;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }
  export default Provider;
}
