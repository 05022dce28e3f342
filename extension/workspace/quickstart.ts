/** A copy of the packaged quickstart workspace. */
import { randomBytes } from "node:crypto";
import { cp, mkdir, rename, rm, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { explainWriteError } from "../../server/store/diskErrors.ts";

const NAME = "toolexpander-quickstart";

/**
 * Copies the workspace into a new folder below `parent` and returns its path. Nothing that is there is touched: where the
 * name is taken, the folder gets `-2`, `-3` … at its end. It appears whole or not at all.
 *
 * @throws InputError where there is no room, or no permission to write
 */
export async function copyQuickstart(source: string, parent: string): Promise<string> {
  const aside = join(parent, `.${NAME}.tmp-${randomBytes(6).toString("hex")}`);
  // Runs of whoever packaged it are not part of it.
  const wanted = (path: string): boolean => relative(source, path).split(sep)[0] !== "runs";
  try {
    await mkdir(parent, { recursive: true });
    await cp(source, aside, { recursive: true, filter: wanted });
    for (let attempt = 1; ; attempt++) {
      const folder = join(parent, attempt === 1 ? NAME : `${NAME}-${attempt}`);
      if (await isThere(folder)) continue;
      await rename(aside, folder);
      return folder;
    }
  } catch (error) {
    throw explainWriteError(error, parent, "no workspace was made");
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
