/** Every fixer, by the rule whose findings it mends. */
import { argumentEnumFixer, argumentMissingFixer, argumentTypeFixer, argumentUnknownFixer } from "./argumentFixes.ts";
import type { Fixer } from "./fix.ts";
import { argumentsFormFixer, argumentsNotObjectFixer } from "./formFixes.ts";
import { duplicateToolFixer, unknownToolFixer } from "./nameFixes.ts";
import {
  arrayItemsFixer,
  defaultNullFixer,
  defaultTypeFixer,
  enumTypeFixer,
  optionalKeywordFixer,
  requiredOutsideFixer,
  requiredUnknownFixer,
  schemaTypeNameFixer,
} from "./schemaFixes.ts";
import { duplicateKeyFixer, recordShapeFixer } from "./shapeFixes.ts";

const FIXERS: readonly Fixer[] = [
  argumentEnumFixer,
  argumentMissingFixer,
  argumentTypeFixer,
  argumentUnknownFixer,
  argumentsFormFixer,
  argumentsNotObjectFixer,
  arrayItemsFixer,
  defaultNullFixer,
  defaultTypeFixer,
  duplicateKeyFixer,
  duplicateToolFixer,
  enumTypeFixer,
  optionalKeywordFixer,
  recordShapeFixer,
  requiredOutsideFixer,
  requiredUnknownFixer,
  schemaTypeNameFixer,
  unknownToolFixer,
];

const byRule = new Map(FIXERS.map((fixer) => [fixer.rule, fixer]));

export const fixerOf = (rule: string): Fixer | undefined => byRule.get(rule);

export const FIXABLE_RULES: readonly string[] = FIXERS.map(({ rule }) => rule);
