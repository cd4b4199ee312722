import { runOverPartitions } from "./suites.ts";

/* At night those of all services. */
await runOverPartitions("src/services/interaction/comments/comments.test.ts");
