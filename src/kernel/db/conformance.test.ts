import { databaseConformance } from "./conformance.ts";

databaseConformance("of the embedded server's socket", { addressed: (address) => address });
databaseConformance("of a URL", {
  addressed: ({ host, user, database, options }) => ({
    url: `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&options=${encodeURIComponent(options)}`,
  }),
});
