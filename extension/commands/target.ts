/** What a command was called on. Other extensions and key bindings may call it with anything. */

/** A member of a target. */
export function partOf(target: unknown, key: string): unknown {
  if (typeof target !== "object" || target === null) return undefined;
  return Object.entries(target).find(([name]) => name === key)?.[1];
}

/** Folder of the run: a row of the tree, or the folder itself. */
export function folderOf(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  const folder = partOf(target, "folder");
  return typeof folder === "string" ? folder : undefined;
}

/** Whether only live runs are meant, as by the status bar. */
export function onlyLive(target: unknown): boolean {
  return partOf(target, "live") === true;
}
