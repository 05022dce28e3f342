/** What the Vulkan loader writes where VK_LOADER_DEBUG is set: the one place that tells an adapter's name. */

export const LOADER_DEBUG = { VK_LOADER_DEBUG: "error,warn,info,driver" } as const;

/** Names of the physical devices, the loader's first choice first. Empty where it wrote none. */
export function vulkanDevices(log: string): string[] {
  const names: string[] = [];
  let sorted = false;
  for (const line of log.split("\n")) {
    if (/(Sorted|Original) order:/.test(line)) {
      sorted = line.includes("Sorted");
      continue;
    }
    const name = /\[Vulkan Loader\].*\[\d+\] (.+?)\s*$/.exec(line)?.[1];
    if (name === undefined) sorted = false;
    else if (sorted && !names.includes(name)) names.push(name);
  }
  return names;
}
