import { runOverPartitions } from "./suites.ts";

await runOverPartitions("src/services/interaction/**/*.test.ts");
