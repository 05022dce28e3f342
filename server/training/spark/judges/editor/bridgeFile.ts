/** The file that says which process has a trajectories file judged, beside that file, where windows look for it. */
const BRIDGE_SUFFIX = ".judging.json";

const TRAJECTORIES_SUFFIX = ".jsonl";

export function bridgeFile(trajectories: string): string {
  const stem = trajectories.endsWith(TRAJECTORIES_SUFFIX)
    ? trajectories.slice(0, -TRAJECTORIES_SUFFIX.length)
    : trajectories;
  return `${stem}${BRIDGE_SUFFIX}`;
}
