import { runOverPartitions } from "./suites.ts";

await runOverPartitions("src/services/video/**/*.test.ts");
