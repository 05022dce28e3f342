/** Every rule. A test holds that no file of this folder is forgotten here. */
import { argumentType } from "./argumentType.ts";
import { duplicateKey } from "./duplicateKey.ts";
import { jsonSyntax } from "./jsonSyntax.ts";
import { recordTooDeep } from "./recordTooDeep.ts";
import { recordTooLong } from "./recordTooLong.ts";
import type { Rule } from "./rule.ts";
import { schemaTypeName } from "./schemaTypeName.ts";
import { unknownTool } from "./unknownTool.ts";

export const RULES: readonly Rule[] = [
  argumentType,
  duplicateKey,
  jsonSyntax,
  recordTooDeep,
  recordTooLong,
  schemaTypeName,
  unknownTool,
];
