import { runOverPartitions } from "./suites.ts";

const services = ["hashtag", "media", "moderation", "relation", "upload"];

await runOverPartitions(...services.map((service) => `src/services/${service}/**/*.test.ts`));
