/** What a run learns from and is evaluated on, whatever its experiment is of. */
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { loadDataset } from "./dataset.ts";
import { loadEpisodeData } from "./offline/loadEpisodeData.ts";
import { isOfEpisodes } from "./offline/sources.ts";
import type { RewardIncidents } from "./ownReward/incidents.ts";
import type { Dataset } from "./rows.ts";

/**
 * @param incidents as loadDataset's; undefined where the data is only checked, and nothing of the researcher's own code is run
 * @throws InputError on the first fault
 */
export function loadData(experiment: ResolvedExperiment, incidents?: RewardIncidents): Promise<Dataset> {
  return isOfEpisodes(experiment)
    ? loadEpisodeData(experiment, incidents !== undefined)
    : loadDataset(experiment, incidents);
}
