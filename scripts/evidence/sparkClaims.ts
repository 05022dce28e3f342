/** What SPaRK (extended abstract; numbers of its tables were not at hand) promises of its learning, for both rarity rules. */
import { RARITY_RULES } from "../../schemas/spark.ts";
import type { Claim } from "./claims.ts";

const supervised = (rule: string): string => `supervised, ${rule}`;
const spark = (rule: string): string => `SPaRK, ${rule}`;

export const SPARK_CLAIMS: readonly Claim[] = RARITY_RULES.flatMap((rule): Claim[] => {
  const [better, imitation] = [spark(rule), supervised(rule)];
  const source = "abstract";
  return [
    { sentence: `${better} answers more than base`, source, measure: "accuracy", better, than: "base" },
    {
      sentence: `${better} answers no less than ${imitation}`,
      ...{ source, measure: "accuracy", better, than: imitation, notWorse: true },
    },
    { sentence: `${better} chooses more evenly than base`, source, measure: "entropy", better, than: "base" },
    {
      sentence: `${better} chooses more evenly than ${imitation}`,
      ...{ source, measure: "entropy", better, than: imitation },
    },
  ];
});
