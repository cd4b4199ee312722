import { runOverPartitions } from "./suites.ts";

await runOverPartitions("src/services/recommend/**/*.test.ts");
