import { runOverPartitions } from "./suites.ts";

await runOverPartitions("src/services/search/**/*.test.ts");
