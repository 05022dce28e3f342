/** Renames a tool or a parameter in files on disk of any size: all is looked at before the first file is written. */
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, rename as moveFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { plain } from "../../toolcalls/display.ts";
import { splitLines } from "../records/lines.ts";
import { DEFAULT_LIMITS } from "../records/scan.ts";
import { isCatalogTool, type Mention, mentionsOf, sameTarget } from "./mentions.ts";
import { applyEdits, type RecordEdit } from "./recordEdits.ts";
import { nameFault, RenameRefusal, renamedRecords } from "./renameEdits.ts";
import { WorkspaceRecords } from "./workspaceRecords.ts";

export interface RenameFilesOptions {
  /** Folders whose files of ours are changed. */
  folders: readonly string[];
  /** Files besides. */
  files: readonly string[];
  /** Of which `name` is a parameter; without it, `name` is a tool. */
  tool?: string;
  /** Only counts. */
  dryRun?: boolean;
}

export interface RenamedFile {
  file: string;
  places: number;
}

/** Edits by line, in UTF-16 units of the line; no name holds a line break. */
type LineEdits = Map<number, RecordEdit[]>;

/** @throws RenameRefusal where the name is unknown or not unique, the new one is invalid or taken, or a file is not UTF-8 */
export async function renameInFiles(
  name: string,
  newName: string,
  { folders, files, tool, dryRun = false }: RenameFilesOptions,
): Promise<RenamedFile[]> {
  const workspace = await WorkspaceRecords.open({ folders, files, limits: DEFAULT_LIMITS, open: new Map() });
  const target = await findTarget(workspace, name, tool);
  const fault = nameFault(target, newName);
  if (fault !== undefined) throw new RenameRefusal(fault);
  const planned: { file: string; edits: LineEdits; places: number }[] = [];
  for (const file of workspace.files) {
    const edits: LineEdits = new Map();
    let places = 0;
    for await (const record of renamedRecords(workspace, file, target, newName)) {
      for (const edit of record.edits) {
        const { start, end } = record.range(edit);
        edits.set(start.line, [
          ...(edits.get(start.line) ?? []),
          { start: start.character, end: end.character, text: edit.text },
        ]);
        places++;
      }
    }
    if (places > 0) planned.push({ file, edits, places });
  }
  if (!dryRun) await writeAll(planned);
  return planned.map(({ file, places }) => ({ file, places }));
}

/** The one tool or parameter of this name that a catalog defines. */
async function findTarget(workspace: WorkspaceRecords, name: string, tool: string | undefined): Promise<Mention> {
  const found: Mention[] = [];
  for (const file of workspace.files) {
    for await (const { view } of workspace.mentioning(file, tool ?? name)) {
      for (const one of mentionsOf(view)) {
        const wanted =
          tool === undefined
            ? one.parameter.length === 0 && one.toolName === name
            : one.toolName === tool && one.parameter.join(".") === name;
        if (wanted && one.kind === "definition" && !found.some((known) => sameTarget(known, one))) found.push(one);
      }
    }
  }
  const defined = found.filter(isCatalogTool);
  const [target, ...others] = defined.length > 0 ? defined : found;
  const what = tool === undefined ? `tool "${plain(name)}"` : `parameter "${plain(name)}" of a tool "${plain(tool)}"`;
  if (target === undefined) throw new RenameRefusal(`No ${what} is defined in these files.`);
  if (others.length > 0)
    throw new RenameRefusal(
      `Several files or records define a ${what}, each otherwise; name the files of one of them.`,
    );
  return target;
}

/** Every file is written beside itself first, so that a fault leaves all of them as they were. */
async function writeAll(planned: readonly { file: string; edits: LineEdits }[]): Promise<void> {
  const written: { file: string; copy: string }[] = [];
  try {
    for (const { file, edits } of planned) {
      const copy = `${file}.renaming`;
      written.push({ file, copy });
      // The copy has the file's permissions.
      await copyFile(file, copy);
      await pipeline(createReadStream(file), (source) => editedText(source, file, edits), createWriteStream(copy));
    }
    for (const { file, copy } of written) await moveFile(copy, file);
  } finally {
    for (const { copy } of written) await rm(copy, { force: true });
  }
}

async function* editedText(source: AsyncIterable<Buffer>, file: string, edits: LineEdits): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let line = 0;
  let pending = "";
  const edited = (text: string): string => {
    const mark = line === 0 && text.startsWith("\uFEFF") ? "\uFEFF" : "";
    return mark + applyEdits(text.slice(mark.length), edits.get(line++) ?? []);
  };
  for await (const chunk of source) {
    const lines = splitLines(pending + decoded(decoder, file, chunk));
    pending = lines.pop() ?? "";
    // A carriage return at the very end may be half of a line end.
    if (pending === "" && lines.at(-1)?.endsWith("\r")) pending = lines.pop() ?? "";
    yield lines.map(edited).join("");
  }
  yield splitLines(pending + decoded(decoder, file))
    .map(edited)
    .join("");
}

function decoded(decoder: InstanceType<typeof TextDecoder>, file: string, chunk?: Buffer): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new RenameRefusal(`${basename(file)} is not UTF-8 text; save it with UTF-8 encoding.`);
  }
}
