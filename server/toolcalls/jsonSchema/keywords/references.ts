/** $ref and $dynamicRef. */
import type { KeywordCompiler, KeywordInSchema } from "../compiler.ts";
import { evaluate, type Node } from "../node.ts";
import type { Evaluated, Run } from "../run.ts";
import { ANONYMOUS, resolveUri } from "../uris.ts";
import { quote } from "../words.ts";

/** Follows a reference; one that leads back to itself without going into the value says nothing, so it holds. */
function follow(target: Node, value: unknown, run: Run, evaluated: Evaluated | undefined): boolean {
  const { active, path } = run;
  const before = active.get(target);
  if (before === path.length) return true;
  active.set(target, path.length);
  const valid = evaluate(target, value, run, evaluated);
  if (before === undefined) active.delete(target);
  else active.set(target, before);
  return valid;
}

/** The node a reference names; an unknown one is reported. */
function targetOf(keyword: KeywordInSchema): Node | undefined {
  const { value, resource, compiler } = keyword;
  if (typeof value !== "string") {
    keyword.malformed("a string");
    return undefined;
  }
  const located = compiler.resources.resolve(value, resource);
  if (located !== undefined) return compiler.node(located);
  const uri = resolveUri(value, resource.uri);
  const outside = uri !== undefined && !uri.startsWith(ANONYMOUS) && !uri.startsWith(resource.uri);
  const why = outside ? "is another document, which is never fetched" : "names nothing in this schema";
  keyword.report(`The reference ${quote(value)} ${why}; whatever it describes is not checked.`, {
    reference: value,
    reason: outside ? "remote" : "unresolved",
  });
  return undefined;
}

export const referenceKeywords: Record<string, KeywordCompiler> = {
  $ref(keyword) {
    const target = targetOf(keyword);
    if (target === undefined) return;
    keyword.inPlace(target);
    keyword.node.checks.push((value, run, evaluated) => follow(target, value, run, evaluated));
  },
};

export const dynamicReferenceKeywords: Record<string, KeywordCompiler> = {
  $dynamicRef(keyword) {
    const { value, compiler, resource } = keyword;
    const target = targetOf(keyword);
    if (target === undefined || typeof value !== "string") return;
    const name = value.slice(value.indexOf("#") + 1);
    const first = compiler.resources.resolve(value, resource);
    // Only a reference that meets a $dynamicAnchor of its name is bound by where validation came from.
    const dynamic = first !== undefined && first.resource.dynamicAnchors.get(name)?.schema === first.schema;
    if (!dynamic) {
      keyword.node.checks.push((instance, run, evaluated) => follow(target, instance, run, evaluated));
      return;
    }
    const nodes = compiler.dynamicTargets(name);
    keyword.node.checks.push((instance, run, evaluated) => {
      for (const scope of run.scope) {
        const node = nodes.get(scope);
        if (node !== undefined) return follow(node, instance, run, evaluated);
      }
      return follow(target, instance, run, evaluated);
    });
  },
};
