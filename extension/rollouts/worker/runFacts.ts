/** What the details of a run are made of. */

import type { RunRecord } from "../../../schemas/run.ts";
import type { Sample } from "../../../schemas/samples.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { Dataset } from "../../stores/dataset.ts";
import type { OpenStore } from "../../stores/openStore.ts";
import type { ModelFiles } from "./modelFiles.ts";

export interface RunFacts {
  store: OpenStore;
  /** These are not there where the record cannot be read. */
  record: RunRecord | undefined;
  dataset: Dataset | undefined;
  model: ModelFiles | undefined;
}

export const sampleOf = ({ dataset }: RunFacts, group: Pick<StoredGroup, "phase" | "sample">): Sample | undefined =>
  dataset?.sample(group.phase, group.sample);
