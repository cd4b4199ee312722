import { runOverPartitions } from "./suites.ts";

await runOverPartitions("src/services/live/**/*.test.ts");
