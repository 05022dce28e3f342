/** allOf, anyOf, oneOf, not. */
import type { KeywordCompiler, KeywordInSchema } from "../compiler.ts";
import { evaluate, type Node } from "../node.ts";
import { Evaluated, type Run } from "../run.ts";
import type { SchemaError } from "../schemaError.ts";
import { count, describeValue, either, typeWords } from "../words.ts";

export const combinationKeywords: Record<string, KeywordCompiler> = {
  allOf(keyword) {
    const nodes = keyword.list()?.map((node) => keyword.inPlace(node));
    keyword.node.checks.push((value, run, evaluated) => {
      let valid = true;
      for (const node of nodes ?? []) {
        if (evaluate(node, value, run, evaluated)) continue;
        if (run.errors === undefined) return false;
        valid = false;
      }
      return valid;
    });
  },

  anyOf(keyword) {
    const nodes = keyword.list()?.map((node) => keyword.inPlace(node));
    if (nodes === undefined) return;
    keyword.node.checks.push((value, run, evaluated) => {
      let valid = false;
      for (const node of nodes) {
        // Every alternative that holds has looked at something; where nobody asks, the first will do.
        if (!holds(node, value, run, evaluated)) continue;
        valid = true;
        if (evaluated === undefined) break;
      }
      return valid || noneHolds(keyword, nodes, value, run);
    });
  },

  oneOf(keyword) {
    const nodes = keyword.list()?.map((node) => keyword.inPlace(node));
    if (nodes === undefined) return;
    keyword.node.checks.push((value, run, evaluated) => {
      const matching = nodes.flatMap((node, index) => (holds(node, value, run, evaluated) ? [index] : []));
      if (matching.length === 1) return true;
      if (matching.length === 0) return noneHolds(keyword, nodes, value, run);
      const which = matching.slice(0, 5).map((index) => index + 1);
      const message = () =>
        `Must fit exactly one of ${count(nodes.length, "alternative")}, but fits ${matching.length}: ${which.join(", ")}.`;
      return run.fail(keyword.path, "oneOf", message, () => ({ passingSchemas: matching }));
    });
  },

  not(keyword) {
    const node = keyword.inPlace(keyword.child(keyword.value));
    keyword.node.checks.push((value, run) => {
      if (!run.quietly(() => evaluate(node, value, run))) return true;
      return run.fail(
        keyword.path,
        "not",
        () => "Must not be of the kind that is excluded here.",
        () => ({}),
      );
    });
  },
};

/** The quiet verdict of one alternative; its notes count only where it holds. */
function holds(node: Node, value: unknown, run: Run, evaluated: Evaluated | undefined): boolean {
  const notes = evaluated && new Evaluated();
  const valid = run.quietly(() => evaluate(node, value, run, notes));
  if (valid && notes !== undefined) evaluated?.add(notes);
  return valid;
}

/**
 * The fault of a value that fits no alternative. Where one alternative is meant, its own faults are the useful ones;
 * it is, where all others are ruled out by the value's type or by a constant (a tag) in it.
 */
function noneHolds(keyword: KeywordInSchema, nodes: readonly Node[], value: unknown, run: Run): false {
  if (run.errors === undefined) return false;
  const here = run.path.length;
  const branches = nodes.map((node) => {
    const errors: SchemaError[] = [];
    run.into(errors, () => evaluate(node, value, run));
    return errors;
  });
  const meant = branches.filter((errors) => !errors.some((error) => rulesOut(error, here)));
  if (meant.length === 1) {
    for (const { schemaPath, keyword: name, message, params, instancePath } of meant[0] ?? []) {
      const deeper = instancePath.slice(here);
      run.path.push(...deeper);
      run.fail(
        schemaPath,
        name,
        () => message,
        () => params,
      );
      run.path.length = here;
    }
    return false;
  }
  const types = branches.map(
    (errors) =>
      errors.find(({ keyword: name, instancePath }) => name === "type" && instancePath.length === here)?.params.type,
  );
  const message = () =>
    types.every((type) => type !== undefined)
      ? `Must be ${either([...new Set(types.flat())].map((type) => typeWords(String(type))))}, not ${describeValue(value)}.`
      : `Must fit ${keyword.name === "oneOf" ? "exactly one" : "one"} of ${count(nodes.length, "alternative")}, and fits none: ${first(branches)}`;
  const params = () => ({ alternatives: branches });
  return run.fail(keyword.path, keyword.name, message, params);
}

/** Whether a fault says that an alternative was never meant. */
function rulesOut({ keyword, instancePath }: SchemaError, depth: number): boolean {
  if (keyword === "type" || keyword === "enum" || keyword === "false") return instancePath.length === depth;
  return keyword === "const" && instancePath.length <= depth + 1;
}

/** The nearest alternative's first fault, as the end of a sentence. */
function first(branches: readonly SchemaError[][]): string {
  const fewest = branches.reduce((best, errors) => (errors.length < best.length ? errors : best));
  const message = fewest[0]?.message ?? "none is possible.";
  return message.charAt(0).toLowerCase() + message.slice(1);
}
