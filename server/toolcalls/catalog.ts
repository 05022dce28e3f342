/** Tool catalogs: the tools a policy may call, by name. */
import { InputError, type Place } from "../../schemas/problem.ts";
import { type Tool, ToolCatalog } from "../../schemas/tools.ts";
import { check } from "./check.ts";
import { readJson } from "./documents.ts";

export type ToolMap = ReadonlyMap<string, Tool>;

/**
 * The tools of all files, in file order.
 * @throws InputError as readJson and check, and on a name that is defined twice, within a file or across files
 */
export function loadCatalog(files: string[]): ToolMap {
  const tools = new Map<string, Tool>();
  const placeOf = new Map<string, () => Place>();
  for (const file of files) {
    const document = readJson(file);
    for (const [index, tool] of check<ToolCatalog>(ToolCatalog, document).entries()) {
      const { name } = tool.function;
      const place = () => document.locate([index, "function", "name"]);
      const first = placeOf.get(name)?.();
      if (first !== undefined) {
        const where = `${first.file}:${first.line}:${first.column}`;
        throw new InputError(
          `The tool "${name}" is already defined at ${where}; rename or remove one of them.`,
          place(),
        );
      }
      tools.set(name, tool);
      placeOf.set(name, place);
    }
  }
  return tools;
}
