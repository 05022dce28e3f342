/** What open documents need from other files: from the editor where those are open too, else from disk, read again when it changes. */
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { FactIndex } from "../analysis/facts.ts";
import type { ScopedTool } from "../analysis/scope.ts";
import type { ChosenDialects } from "../chosenDialects.ts";
import type { RecordLimits } from "../records/scan.ts";
import { contextFiles, linkExperiments } from "./experimentContext.ts";
import { type ExperimentLinks, experimentsNear, linkedFiles } from "./experiments.ts";
import { fileStamp } from "./fileStamp.ts";
import { indexFacts, readTools, setTools } from "./indexFile.ts";
import type { ToolIndex } from "./toolIndex.ts";

export interface ReadingOptions {
  limits: RecordLimits;
  /** Of files whose dialect is not to be detected. */
  dialects: ChosenDialects;
}

type OpenDocuments = ReadonlyMap<string, DocumentAnalysis>;

interface Read {
  /** Tells whether the file on disk is still what was read, and how it was. */
  stamp: string;
  forget(): void;
}

export class Neighbours {
  readonly #tools: ToolIndex;
  readonly #facts: FactIndex;
  readonly #toolsRead = new Map<string, Read>();
  readonly #factsRead = new Map<string, Read>();
  /** Tools of open documents as they were last handed on. */
  readonly #shared = new Map<string, readonly ScopedTool[]>();
  #links = "[]";

  constructor(tools: ToolIndex, facts: FactIndex) {
    this.#tools = tools;
    this.#facts = facts;
  }

  /** Brings the tools up to date. True where experiments bind other files together than before, or tools were read. */
  async readTools(open: OpenDocuments, options: ReadingOptions): Promise<boolean> {
    const experiments = experimentsNear([...open.keys()]);
    const relinked = this.#link(experiments);
    for (const [file, analysis] of open) this.#share(file, analysis.tools());
    for (const file of [...this.#shared.keys()]) if (!open.has(file)) this.#share(file, []);
    const catalogs = contextFiles([...open.keys()], experiments).filter((file) => !this.#shared.has(file));
    const read = await readAgain(new Set(catalogs), this.#toolsRead, options, async (file, reading) => {
      setTools(file, await readTools(file, reading), this.#tools);
      return () => {
        if (!this.#shared.has(file)) this.#tools.setTools(file, []);
      };
    });
    return relinked || read;
  }

  /** Brings up to date what other files say that open documents may repeat or contradict. */
  async readFacts(open: OpenDocuments, options: ReadingOptions): Promise<void> {
    const experiments = experimentsNear([...open.keys()]);
    const said = [...contextFiles([...open.keys()], experiments), ...partnersOf(open, experiments)];
    // An open document says itself what it says.
    const wanted = new Set(said.filter((file) => !open.has(file)));
    await readAgain(wanted, this.#factsRead, options, (file, reading) => indexFacts(file, this.#facts, reading));
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
}

/**
 * Reads what has changed of these files, and forgets the others. A file that cannot be read says nothing.
 *
 * @returns whether anything was read
 */
async function readAgain(
  wanted: ReadonlySet<string>,
  known: Map<string, Read>,
  { limits, dialects }: ReadingOptions,
  read: (
    file: string,
    options: { limits: RecordLimits; dialect: ReturnType<ChosenDialects["of"]> },
  ) => Promise<() => void>,
): Promise<boolean> {
  const drop = (file: string): void => {
    known.get(file)?.forget();
    known.delete(file);
  };
  for (const file of [...known.keys()]) if (!wanted.has(file)) drop(file);
  let changed = false;
  for (const file of wanted) {
    const dialect = dialects.of(file);
    const onDisk = await fileStamp(file);
    const stamp = `${onDisk} ${dialect?.id}`;
    if (known.get(file)?.stamp === stamp) continue;
    drop(file);
    if (onDisk === undefined) continue;
    const forget = await read(file, { limits, dialect }).catch(() => () => {});
    known.set(file, { stamp, forget });
    changed = true;
  }
  return changed;
}

/** All files of the experiments that read one of these: what they say may repeat or contradict it. */
export function partnersOf(files: { has(file: string): boolean }, experiments: readonly ExperimentLinks[]): string[] {
  return experiments
    .map(linkedFiles)
    .filter((linked) => linked.some((file) => files.has(file)))
    .flat();
}
