import { runOverPartitions } from "./suites.ts";

await runOverPartitions("src/services/drive/**/*.test.ts");
