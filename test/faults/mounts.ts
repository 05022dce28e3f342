/** Disks of a size of their own, disks in a file, and folders that nobody may write: mounted for a test, where this user may. */
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function run(program: string, ...options: string[]): void {
  const { status, stderr, error } = spawnSync(program, options, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${options.join(" ")}: ${error?.message ?? stderr.trim()}`);
}

/** Something mounted, until it is disposed of: whatever is on it is gone then. */
export class Mount implements Disposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** An empty disk in memory. */
  static disk(kibibytes: number): Mount {
    const folder = mkdtempSync(join(tmpdir(), "te-disk-"));
    run("mount", "-t", "tmpfs", "-o", `size=${kibibytes}k`, "tmpfs", folder);
    return new Mount(folder);
  }

  /**
   * What a file holds as a disk. Of all that programs write there the file gets what they sync, and what the system writes by itself
   * sooner or later; here as late as it can, and no name waits for the content that it stands for (ext4(5)).
   */
  static image(file: string): Mount {
    const folder = mkdtempSync(join(tmpdir(), "te-disk-"));
    run("mount", "-t", "ext4", "-o", "loop,data=writeback,noauto_da_alloc,commit=900", file, folder);
    return new Mount(folder);
  }

  /** A folder over itself, so that it can be made read-only alone. */
  static readOnly(folder: string): Mount {
    run("mount", "--bind", folder, folder);
    const mount = new Mount(folder);
    try {
      run("mount", "-o", "remount,bind,ro", folder);
    } catch (error) {
      mount[Symbol.dispose]();
      throw error;
    }
    return mount;
  }

  /** Room for more. */
  grow(kibibytes: number): void {
    run("mount", "-o", `remount,size=${kibibytes}k`, this.folder);
  }

  /** Another disk in the place of this one, which is given back; nobody has a file open on it. */
  replaceBy(file: string): void {
    run("umount", this.folder);
    run("mount", "-t", "ext4", "-o", "loop", file, this.folder);
  }

  [Symbol.dispose](): void {
    // Lazily: an engine that outlived its server by a moment may still have a file open.
    run("umount", "-l", this.folder);
    if (this.folder.includes("te-disk-")) rmdirSync(this.folder);
  }
}

/** An empty disk in a file. */
export function makeImage(file: string, mebibytes: number): void {
  const fd = openSync(file, "w");
  ftruncateSync(fd, mebibytes * 2 ** 20);
  closeSync(fd);
  run("mkfs.ext4", "-q", "-F", file);
}

/** Why nothing can be mounted here; false where it can. */
export const withoutMounts: string | false = (() => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root on Linux may mount a disk of its own";
  try {
    Mount.disk(64)[Symbol.dispose]();
    return false;
  } catch (error) {
    return `nothing can be mounted here: ${error instanceof Error ? error.message : error}`;
  }
})();

/** The same for disks in files. */
export const withoutImages: string | false = (() => {
  if (withoutMounts) return withoutMounts;
  const file = join(tmpdir(), `te-image-${process.pid}`);
  try {
    makeImage(file, 16);
    Mount.image(file)[Symbol.dispose]();
    return false;
  } catch (error) {
    return `no file can be mounted as a disk here: ${error instanceof Error ? error.message : error}`;
  } finally {
    rmSync(file, { force: true });
  }
})();
