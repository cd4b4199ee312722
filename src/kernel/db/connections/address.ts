import type pg from "pg";

/** The address of a database: a URL, or the socket folder of the embedded server. */
export type DbAddress =
  | { readonly url: string }
  | { readonly host: string; readonly user: string; readonly database: string };

/** The name by which PostgreSQL lists a session; one in the URL comes first. */
export const applicationName = "kinora";

export const connectionOf = (address: DbAddress): pg.ClientConfig => ({
  application_name: applicationName,
  ...("url" in address ? { connectionString: address.url } : address),
});
