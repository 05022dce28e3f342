/** Items of arrays. */
import { canonical } from "../canonical.ts";
import type { KeywordCompiler, KeywordInSchema } from "../compiler.ts";
import { evaluate, type Node } from "../node.ts";
import { compareNumbers, isInteger, isJsonNumber } from "../numbers.ts";
import { count } from "../words.ts";

/** Checks the items from a position on by one schema. */
function itemsFrom(keyword: KeywordInSchema, start: number, node: Node): void {
  keyword.node.checks.push((value, run, evaluated) => {
    if (!Array.isArray(value)) return true;
    let valid = true;
    for (let index = start; index < value.length; index++) {
      if (run.at(index, () => evaluate(node, value[index], run))) continue;
      if (run.errors === undefined) return false;
      valid = false;
    }
    if (evaluated !== undefined) evaluated.prefix = value.length;
    return valid;
  });
}

/** Checks the first items each by its own schema. */
function itemsByPosition(keyword: KeywordInSchema, nodes: readonly Node[]): void {
  keyword.node.checks.push((value, run, evaluated) => {
    if (!Array.isArray(value)) return true;
    let valid = true;
    for (const [index, node] of nodes.entries()) {
      if (index < value.length && !run.at(index, () => evaluate(node, value[index], run))) valid = false;
    }
    if (evaluated !== undefined) evaluated.prefix = Math.max(evaluated.prefix, Math.min(nodes.length, value.length));
    return valid;
  });
}

/** Another keyword's number of at least 0; its own compiler reports one that is none. */
function siblingLimit(keyword: KeywordInSchema, name: string, otherwise: number): number {
  if (!keyword.keywords.has(name)) return otherwise;
  const value = keyword.schema[name];
  return isJsonNumber(value) && isInteger(value) && compareNumbers(value, 0) >= 0 ? Number(value) : otherwise;
}

function contains(keyword: KeywordInSchema): void {
  const node = keyword.child(keyword.value);
  const least = siblingLimit(keyword, "minContains", 1);
  const most = siblingLimit(keyword, "maxContains", Number.POSITIVE_INFINITY);
  const base = keyword.path.slice(0, -1);
  keyword.node.checks.push((value, run, evaluated) => {
    if (!Array.isArray(value)) return true;
    let found = 0;
    for (const [index, item] of value.entries()) {
      if (!run.at(index, () => run.quietly(() => evaluate(node, item, run)))) continue;
      found++;
      // Draft-07 has no unevaluatedItems to tell, and may stop here.
      evaluated?.items.add(index);
    }
    if (found < least) {
      const message = () =>
        least === 1
          ? "Must hold an item of the kind that is asked for, and holds none."
          : `Must hold at least ${count(least, "item")} of the kind that is asked for, not ${found}.`;
      const [path, name] = Object.hasOwn(keyword.schema, "minContains")
        ? ([[...base, "minContains"], "minContains"] as const)
        : ([keyword.path, "contains"] as const);
      return run.fail(path, name, message, () => ({ limit: least, size: found }));
    }
    if (found <= most) return true;
    const message = () => `Must hold at most ${count(most, "item")} of the kind that is asked for, not ${found}.`;
    return run.fail([...base, "maxContains"], "maxContains", message, () => ({ limit: most, size: found }));
  });
}

const uniqueItems: KeywordCompiler = (keyword) => {
  if (typeof keyword.value !== "boolean") return keyword.malformed("true or false");
  if (!keyword.value) return;
  keyword.node.checks.push((value, run) => {
    if (!Array.isArray(value)) return true;
    const seen = new Map<string, number>();
    for (const [index, item] of value.entries()) {
      const text = canonical(item, (steps) => run.spend(steps));
      const first = seen.get(text);
      if (first !== undefined) {
        const message = () => `The items must differ, but item ${index + 1} is the same as item ${first + 1}.`;
        return run.fail(keyword.path, keyword.name, message, () => ({ first, second: index }));
      }
      seen.set(text, index);
    }
    return true;
  });
};

const shared: Record<string, KeywordCompiler> = { contains, uniqueItems };

export const arrayKeywords: Record<string, KeywordCompiler> = {
  ...shared,
  prefixItems(keyword) {
    const nodes = keyword.list();
    if (nodes !== undefined) itemsByPosition(keyword, nodes);
  },
  items(keyword) {
    if (Array.isArray(keyword.value)) {
      return keyword.malformed("one schema in draft 2020-12, which has prefixItems for several");
    }
    const { prefixItems } = keyword.schema;
    itemsFrom(keyword, Array.isArray(prefixItems) ? prefixItems.length : 0, keyword.child(keyword.value));
  },
};

export const draft07ArrayKeywords: Record<string, KeywordCompiler> = {
  ...shared,
  items(keyword) {
    const { value } = keyword;
    if (!Array.isArray(value)) return itemsFrom(keyword, 0, keyword.child(value));
    itemsByPosition(
      keyword,
      value.map((schema, index) => keyword.child(schema, index)),
    );
  },
  additionalItems(keyword) {
    const node = keyword.child(keyword.value);
    if (Array.isArray(keyword.schema.items)) itemsFrom(keyword, keyword.schema.items.length, node);
  },
};
