/**
 * Where a run's socket and token lie: the socket in the user's runtime directory, the token in the user's state
 * directory, both named after the run folder. Neither lies in the run folder, which may be shared or copied.
 */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { InputError } from "../../../schemas/problem.ts";

const APPLICATION = "toolexpander";

/** Unix sockets take about 104 bytes of path (sun_path on macOS, the shortest); the file name needs 22 of them. */
const LONGEST_FOLDER = 80;

/** Names a run by its folder's real path, or other work by that of a file, which need not be there yet; short enough for a socket. */
function runKey(place: string): string {
  const real = existsSync(place) ? realpathSync(place) : join(realpathSync(dirname(place)), basename(place));
  return createHash("sha256").update(real).digest("hex").slice(0, 16);
}

/** Address the server of a run listens at; on Windows a named pipe. Makes the folder of the sockets where it is missing. */
export function socketPath(folder: string): string {
  const key = runKey(folder);
  if (process.platform === "win32") return `\\\\.\\pipe\\${APPLICATION}-${key}`;
  return join(runtimeFolder(), `${key}.sock`);
}

function runtimeFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const given = process.env.XDG_RUNTIME_DIR;
  const candidates = [
    ...(given ? [join(given, APPLICATION)] : []),
    join(tmpdir(), `${APPLICATION}-${uid}`),
    join("/tmp", `${APPLICATION}-${uid}`),
  ];
  const folder =
    candidates.find((candidate) => Buffer.byteLength(candidate) <= LONGEST_FOLDER) ?? (candidates.at(-1) as string);
  return privateFolder(folder);
}

/** The file that holds the token of a run's server. Makes its folder where it is missing. */
export function tokenFile(folder: string): string {
  return join(privateFolder(join(stateFolder(), "tokens")), runKey(folder));
}

/** Where the command line puts the details of its own defects. */
export function errorLogFile(): string {
  return join(stateFolder(), "errors.log");
}

function stateFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32") return join(LOCALAPPDATA || join(homedir(), "AppData", "Local"), APPLICATION);
  if (XDG_STATE_HOME) return join(XDG_STATE_HOME, APPLICATION);
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", APPLICATION);
  return join(homedir(), ".local", "state", APPLICATION);
}

/** Makes a folder only its owner may enter, and refuses one that somebody else prepared in its place. */
function privateFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // On Windows it lies in the user's profile, which Windows keeps from other users.
  if (process.platform !== "win32" && !isPrivate(folder)) {
    throw new InputError(
      "the folder of sockets and tokens must belong to you alone (mode 0700); remove it or mend its permissions",
      {
        file: folder,
      },
    );
  }
  return folder;
}

/** Whether a folder is there that its owner, who is this user, alone may enter. */
function isPrivate(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === process.getuid?.() && (status.mode & 0o077) === 0;
}

/**
 * Whether the server of a run would listen there. Files that name addresses lie in run folders, which may be a stranger's: a pipe of
 * another machine, or a socket of another user, must not be told the token.
 */
export function isAddressOf(address: string, place: string): boolean {
  const key = runKey(place);
  if (process.platform === "win32") return address === `\\\\.\\pipe\\${APPLICATION}-${key}`;
  return isAbsolute(address) && basename(address) === `${key}.sock` && isPrivate(dirname(address));
}
