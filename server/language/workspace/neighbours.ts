/** What open documents need from other files: from the editor where those are open too, else from disk, read again when it changes. */
import { stat } from "node:fs/promises";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { FactIndex } from "../analysis/facts.ts";
import type { ScopedTool } from "../analysis/scope.ts";
import type { RecordLimits } from "../records/scan.ts";
import { type ExperimentLinks, experimentsNear } from "./experiments.ts";
import { indexFacts, indexTools } from "./indexFile.ts";
import type { ToolIndex } from "./toolIndex.ts";
import { contextFiles, linkExperiments } from "./validateFiles.ts";

interface Read {
  /** Tells whether the file on disk is still what was read. */
  stamp: string;
  forgetFacts(): void;
}

export class Neighbours {
  readonly #tools: ToolIndex;
  readonly #facts: FactIndex;
  readonly #read = new Map<string, Read>();
  /** Tools of open documents as they were last handed on. */
  readonly #shared = new Map<string, readonly ScopedTool[]>();
  #links = "[]";

  constructor(tools: ToolIndex, facts: FactIndex) {
    this.#tools = tools;
    this.#facts = facts;
  }

  /** Brings the indexes up to date. True where experiments bind other files together than before, or twins were read. */
  async refresh(open: ReadonlyMap<string, DocumentAnalysis>, limits: RecordLimits): Promise<boolean> {
    const experiments = experimentsNear([...open.keys()]);
    let relinked = this.#link(experiments);
    for (const [file, analysis] of open) this.#share(file, analysis.tools());
    for (const file of [...this.#shared.keys()]) if (!open.has(file)) this.#share(file, []);
    const catalogs = new Set(contextFiles([...open.keys()], experiments).filter((file) => !this.#shared.has(file)));
    const beside = partners(open, experiments).filter((file) => !open.has(file));
    const wanted = new Set([...catalogs, ...beside]);
    for (const file of [...this.#read.keys()]) if (!wanted.has(file)) this.#drop(file);
    for (const file of wanted) {
      const stamp = await stampOf(file);
      if (this.#read.get(file)?.stamp === stamp) continue;
      this.#drop(file);
      if (stamp === undefined) continue;
      if (catalogs.has(file)) await indexTools(file, this.#tools, { limits });
      // An open document says itself what it says.
      const forgetFacts = open.has(file) ? () => {} : await indexFacts(file, this.#facts, { limits });
      this.#read.set(file, { stamp, forgetFacts });
      relinked ||= catalogs.has(file);
    }
    return relinked;
  }

  #link(experiments: readonly ExperimentLinks[]): boolean {
    const links = JSON.stringify(experiments);
    if (links === this.#links) return false;
    this.#links = links;
    this.#facts.clearRoles();
    this.#tools.clearExperiments();
    linkExperiments(experiments, this.#tools, this.#facts);
    return true;
  }

  #share(file: string, tools: readonly ScopedTool[]): void {
    const before = this.#shared.get(file) ?? [];
    if (tools.length === before.length && tools.every((tool, index) => tool === before[index])) return;
    if (tools.length === 0) this.#shared.delete(file);
    else this.#shared.set(file, tools);
    this.#tools.setTools(file, tools);
  }

  #drop(file: string): void {
    this.#read.get(file)?.forgetFacts();
    if (this.#read.delete(file) && !this.#shared.has(file)) this.#tools.setTools(file, []);
  }
}

/** The other files of the experiments that read an open one: what they say may repeat or contradict it. */
function partners(open: ReadonlyMap<string, unknown>, experiments: readonly ExperimentLinks[]): string[] {
  return experiments
    .map(({ tools, train, heldOut, demonstrations, replacements }) => [
      ...tools,
      ...[train, heldOut, demonstrations],
      ...replacements,
    ])
    .filter((files) => files.some((file) => file !== undefined && open.has(file)))
    .flatMap((files) => files.filter((file) => file !== undefined));
}

async function stampOf(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs}:${size}`;
  } catch {
    return undefined;
  }
}
