import { runOverPartitions } from "./suites.ts";

await runOverPartitions("src/services/message/**/*.test.ts");
