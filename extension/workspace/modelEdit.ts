/** The model of an experiment, as a person would type it. */
import * as path from "node:path";
import { type Edit, findNodeAtLocation, modify } from "jsonc-parser";
import { syntaxTree } from "../../server/toolcalls/syntax.ts";

/**
 * The edits that set `model`; everything else stays as somebody has written it. None where the text is no JSON object, since nobody knows
 * then where a member would stand.
 */
export function modelEdits(text: string, model: string): Edit[] {
  const root = syntaxTree(text);
  if (root?.type !== "object") return [];
  const value = findNodeAtLocation(root, ["model"]);
  if (value) return [{ offset: value.offset, length: value.length, content: JSON.stringify(model) }];
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  const insertSpaces = !indent.startsWith("\t");
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return modify(text, ["model"], model, {
    formattingOptions: { insertSpaces, tabSize: insertSpaces ? indent.length : 1, eol },
  });
}

/**
 * A folder as an experiment names it: relative, where both lie in one project, so that the project can be moved.
 * @param project the workspace folder of the experiment
 */
export function modelPath(folder: string, experiment: string, project: string | undefined): string {
  const fromProject = project === undefined ? ".." : path.relative(project, folder);
  const outside = fromProject === ".." || fromProject.startsWith(`..${path.sep}`) || path.isAbsolute(fromProject);
  if (outside) return folder;
  const relative = path.relative(path.dirname(experiment), folder).split(path.sep).join("/");
  return relative.startsWith("../") ? relative : `./${relative}`.replace(/\/$/, "");
}
