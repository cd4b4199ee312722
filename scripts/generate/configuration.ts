import { roles } from "../../cmd/services.ts";
import { configurationDocument } from "#kernel/config/document";
import type { Generate } from "../generate.ts";

export const generate: Generate = () => ({ "docs/configuration.md": configurationDocument(roles) });
