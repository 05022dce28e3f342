/** What ToolExpander (arXiv 2510.07737v1) reports of its methods. */
import type { Claim } from "./claims.ts";

const claim = (better: string, than: string, measure: "accuracy" | "hard rows", source: string): Claim => ({
  sentence:
    measure === "accuracy" ? `${better} answers more than ${than}` : `${better} leaves fewer hard rows than ${than}`,
  source,
  measure,
  better,
  than,
});

export const METHOD_CLAIMS: readonly Claim[] = [
  claim("GRPO", "base", "accuracy", "Tables 5 and 6, BFCL of the 7B models"),
  claim("GRPO", "base", "hard rows", "Tables 2 and 3"),
  claim("replace", "GRPO", "accuracy", "Tables 5 and 6"),
  claim("add", "GRPO", "accuracy", "Tables 5 and 6"),
  claim("replace", "GRPO", "hard rows", "Table 3"),
  claim("add", "GRPO", "hard rows", "Table 3"),
  claim("replace", "add", "hard rows", "Table 3"),
  claim("SET", "base", "accuracy", "Table 8"),
  claim("SET", "GRPO", "accuracy", "Table 8"),
  claim("SET", "GRPO", "hard rows", "Tables 3 and 8"),
  claim("SET + replace", "SET", "hard rows", "Table 8"),
];
