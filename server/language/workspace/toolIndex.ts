/** Which tools a sample may call when its record does not define them. */
import { dirname } from "node:path";
import type { Sample } from "../../toolcalls/dialects/model.ts";
import { type ScopedTool, ToolScope } from "../analysis/scope.ts";
import { isInside } from "../uris.ts";

export class ToolIndex {
  readonly #byFile = new Map<string, ScopedTool[]>();
  /** Tools of samples by id, for answers that stand in a file of their own. */
  readonly #twins = new Map<string, ToolScope>();
  /** Tool files of the experiment that names a file of samples. */
  readonly #experiments = new Map<string, ReadonlySet<string>>();
  readonly #scopes = new Map<string, ToolScope>();
  #roots: readonly string[] = [];

  /** Folders whose files have nothing to do with those of another, nor with files outside of all. */
  setRoots(folders: readonly string[]): void {
    // The innermost of nested folders comes first.
    this.#roots = [...folders].sort((left, right) => right.length - left.length);
    this.#scopes.clear();
  }

  /** Replaces what the file defined before. */
  setTools(file: string, tools: readonly ScopedTool[]): void {
    if (tools.length === 0) this.#byFile.delete(file);
    else this.#byFile.set(file, [...tools]);
    this.#scopes.clear();
  }

  setTwin(id: string, scope: ToolScope): void {
    this.#twins.set(id, scope);
  }

  /** The samples of `file` are offered the tools of these files. */
  setExperiment(file: string, toolFiles: readonly string[]): void {
    this.#experiments.set(file, new Set(toolFiles));
    this.#scopes.clear();
  }

  /** Before experiments are read again. */
  clearExperiments(): void {
    this.#experiments.clear();
    this.#scopes.clear();
  }

  /** The tools in force in a file: its experiment's, else those of the nearest folder with catalogs. */
  scopeOfFile(file: string): ToolScope {
    let scope = this.#scopes.get(file);
    if (scope === undefined) {
      scope = this.#find(file);
      this.#scopes.set(file, scope);
    }
    return scope;
  }

  scopeOf(sample: Sample, file: string): ToolScope {
    if (sample.offer.kind === "twin") return this.#twins.get(sample.id ?? "") ?? ToolScope.unknown;
    const all = this.scopeOfFile(file);
    if (sample.offer.kind !== "named" || !all.known) return all;
    return all.only(sample.offer.names.map(({ name }) => name));
  }

  #rootOf(file: string): string | undefined {
    return this.#roots.find((folder) => isInside(file, folder));
  }

  #find(file: string): ToolScope {
    const named = this.#experiments.get(file);
    const files = [...this.#byFile.keys()];
    const root = this.#rootOf(file);
    const chosen =
      named === undefined
        ? nearest(
            file,
            files.filter((one) => this.#rootOf(one) === root),
          )
        : files.filter((one) => named.has(one));
    const tools = chosen.flatMap((one) => this.#byFile.get(one) ?? []);
    return tools.length === 0 ? ToolScope.unknown : ToolScope.of(tools);
  }
}

/** Files of the innermost folder around `file` that holds any, folders inside it included. */
function nearest(file: string, files: readonly string[]): readonly string[] {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const inside = files.filter((one) => isInside(one, folder));
    // A root is its own folder; documents without a file have no other.
    if (inside.length > 0) return inside;
    if (dirname(folder) === folder) return files;
  }
}
