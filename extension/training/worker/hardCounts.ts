/** How often a run found samples hard, and with them the tools of their gold calls. */
import { GroupReader } from "../../../server/store/groupReader.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { Dataset } from "../../stores/dataset.ts";
import type { HardCounts } from "../messages.ts";

/**
 * Counts the groups of training and probes without a correct completion, by sample and by gold tool. Where the samples are no
 * longer what the run read, no tool is counted.
 *
 * @throws InputError where the run has no store, or none that can be read
 */
export function hardCountsOf(folder: string): HardCounts {
  using reader = new GroupReader(folder);
  const samples = reader.hardSamples();
  const dataset = new Dataset(readRunRecord(folder), folder);
  dataset.load();
  const tools = new Map<string, number>();
  for (const [id, count] of samples) {
    const names = new Set(dataset.sample("train", id)?.answer.map(({ name }) => name));
    for (const name of names) tools.set(name, (tools.get(name) ?? 0) + count);
  }
  return { samples: Object.fromEntries(samples), tools: Object.fromEntries(tools) };
}
