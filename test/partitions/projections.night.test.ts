import { runOverPartitions } from "./suites.ts";

await runOverPartitions("test/projections/*.test.ts", "test/security/erasure.slow.test.ts");
