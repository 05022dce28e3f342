/** `toolexpander rename`: what the editor's rename does, on files of any number and size. */
import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { RenameRefusal } from "../language/features/renameEdits.ts";
import { type RenamedFile, renameInFiles } from "../language/features/renameFiles.ts";
import { plain, visible } from "../toolcalls/display.ts";
import { ExitCode } from "./exit.ts";

export interface RenameOptions {
  tool?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** @returns misuse where a path is missing, input where the rename is refused */
export async function renameCommand(
  name: string,
  newName: string,
  paths: readonly string[],
  { tool, dryRun, json }: RenameOptions,
): Promise<ExitCode> {
  const folders: string[] = [];
  const files: string[] = [];
  for (const path of paths.length > 0 ? paths : ["."]) {
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind === undefined) return complain(`No file or folder is named "${plain(path)}".`, ExitCode.misuse);
    (kind.isDirectory() ? folders : files).push(resolve(path));
  }
  try {
    const renamed = await renameInFiles(name, newName, {
      folders,
      files,
      ...(tool === undefined ? {} : { tool }),
      ...(dryRun === undefined ? {} : { dryRun }),
    });
    for (const one of renamed)
      process.stdout.write(`${json === true ? jsonLine(one) : textLine(one, dryRun === true)}\n`);
    return ExitCode.done;
  } catch (error) {
    if (error instanceof RenameRefusal) return complain(error.message, ExitCode.input);
    throw error;
  }
}

const shown = (file: string): string => relative(process.cwd(), file);

const jsonLine = ({ file, places }: RenamedFile): string => visible(JSON.stringify({ file: shown(file), places }));

const textLine = ({ file, places }: RenamedFile, dryRun: boolean): string =>
  `${plain(shown(file), 500)}: ${places} ${places === 1 ? "place" : "places"}${dryRun ? " to change" : " changed"}`;

function complain(sentence: string, code: ExitCode): ExitCode {
  process.stderr.write(`${visible(sentence)}\n`);
  return code;
}
