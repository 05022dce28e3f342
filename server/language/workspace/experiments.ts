/** Experiment files: which tools, samples and demonstrations belong together. */
import { dirname, join, resolve } from "node:path";
import { isJsonObject } from "../../toolcalls/json.ts";
import { homesOf, liesWithin } from "../../toolcalls/project.ts";
import { namesIn, textOf } from "../../toolcalls/readable.ts";
import { REPLACEMENT_SUFFIX } from "../../toolcalls/replacementName.ts";

export interface ExperimentLinks {
  file: string;
  tools: string[];
  train?: string;
  heldOut?: string;
  demonstrations?: string;
  /** Recorded results of its tools. */
  results?: string;
  /** Hand edits of its training samples. */
  replacements: string[];
}

/** Its catalogs, samples, demonstrations and hand edits. */
export const linkedFiles = ({ tools, ...links }: ExperimentLinks): string[] => [...tools, ...sampleFiles(links)];

/** What has calls of its catalogs' tools: samples, demonstrations, hand edits, recorded results. */
export const filesWithCalls = (links: ExperimentLinks): string[] => [
  ...sampleFiles(links),
  ...(links.results === undefined ? [] : [links.results]),
];

const sampleFiles = ({ train, heldOut, demonstrations, replacements }: Omit<ExperimentLinks, "tools">): string[] =>
  [train, heldOut, demonstrations, ...replacements].filter((file) => file !== undefined);

/** Beside the experiment. */
const REPLACEMENTS = "replacements";

export const isExperimentFile = (file: string): boolean => /(^|[\\/.])experiment\.json$/.test(file);

/** What the text of an experiment file names, as absolute paths; a file that is half written names what can be read of it. */
export function experimentLinks(file: string, text: string): ExperimentLinks | undefined {
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  const homes = homesOf(file);
  // What an experiment may not name is not looked at: this is read before anybody trusts it.
  const path = (one: unknown): string | undefined => {
    const named = typeof one === "string" ? resolve(dirname(file), one) : undefined;
    return named !== undefined && liesWithin(homes, named) ? named : undefined;
  };
  const tools = Array.isArray(value.tools) ? value.tools.flatMap((one: unknown) => path(one) ?? []) : [];
  const [train, heldOut, demonstrations] = [path(value.train), path(value.heldOut), path(value.demonstrations)];
  const results = isJsonObject(value.environment) ? path(value.environment.results) : undefined;
  return {
    file,
    tools,
    replacements: [],
    ...(train === undefined ? {} : { train }),
    ...(heldOut === undefined ? {} : { heldOut }),
    ...(demonstrations === undefined ? {} : { demonstrations }),
    ...(results === undefined ? {} : { results }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How far above a file its experiment is looked for. */
const LEVELS = 3;

/** Experiments in the folders of these files and in the folders around them. */
export function experimentsNear(files: readonly string[]): ExperimentLinks[] {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = dirname(file);
    for (let level = 0; level < LEVELS && !folders.has(folder); level++) {
      folders.add(folder);
      folder = dirname(folder);
    }
  }
  return [...folders].flatMap((folder) => {
    const found = namesIn(folder)
      .filter(isExperimentFile)
      .flatMap((name) => experimentLinks(join(folder, name), textOf(join(folder, name))) ?? []);
    if (found.length === 0) return [];
    const replacements = replacementsIn(join(folder, REPLACEMENTS), files);
    return found.map((links) => ({ ...links, replacements }));
  });
}

/** Those of the folder, and those of `files` that are not on disk yet. */
function replacementsIn(folder: string, files: readonly string[]): string[] {
  const onDisk = namesIn(folder).map((name) => join(folder, name));
  const here = files.filter((file) => dirname(file) === folder);
  return [...new Set([...onDisk, ...here])].filter((file) => file.endsWith(REPLACEMENT_SUFFIX)).sort();
}
