/** Commands about the files that the language server looks at. Loaded with its client. */
import * as vscode from "vscode";
import { inform } from "../window.ts";

/** What the commands need of the editor's side. */
export interface LanguageFiles {
  isOurs(document: vscode.TextDocument): boolean;
  /** The client of the server, started where it was not. */
  client(): Promise<{
    convert(document: vscode.TextDocument, dialect?: string): Promise<void>;
    setDialect(document: vscode.TextDocument, dialect?: string): Promise<void>;
    showReferences(document: vscode.Uri, position: vscode.Position): Promise<void>;
  }>;
}

/**
 * Convert File to Dialect…
 *
 * @param target the file, from the explorer or a key binding; else the active editor's
 * @param dialect its id, where a caller knows it
 */
export async function convertFile(language: LanguageFiles, target: unknown, dialect: unknown): Promise<void> {
  const document = await documentOf(language, target);
  if (document === undefined) return;
  await (await language.client()).convert(document, typeof dialect === "string" ? dialect : undefined);
}

/**
 * Set Dialect of This File…
 *
 * @param target the file, from the explorer or a key binding; else the active editor's
 * @param dialect its id, or "detect", where a caller knows it
 */
export async function setDialect(language: LanguageFiles, target: unknown, dialect: unknown): Promise<void> {
  const document = await documentOf(language, target);
  if (document === undefined) return;
  await (await language.client()).setDialect(document, typeof dialect === "string" ? dialect : undefined);
}

/** Undefined where there is none of ours, which has then been said. */
async function documentOf(language: LanguageFiles, target: unknown): Promise<vscode.TextDocument | undefined> {
  const document =
    target instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(target)
      : vscode.window.activeTextEditor?.document;
  if (document !== undefined && language.isOurs(document)) return document;
  void inform(
    vscode.l10n.t(
      "Open a file with tools, demonstrations or samples first. The setting toolexpander.files names files of other names.",
    ),
  );
  return undefined;
}

/** Show References. @param target the document's address, as a code lens gives it; else the active editor's caret counts */
export async function showReferences(language: LanguageFiles, target: unknown, place: unknown): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const given = typeof target === "string" ? positionOf(place) : undefined;
  const uri = given === undefined ? editor?.document.uri : vscode.Uri.parse(String(target), true);
  const position = given ?? editor?.selection.active;
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri?.toString());
  if (document === undefined || position === undefined || !language.isOurs(document)) {
    void inform(
      vscode.l10n.t("Put the caret on a tool or a parameter in a file with tools, demonstrations or samples."),
    );
    return;
  }
  await (await language.client()).showReferences(document.uri, position);
}

function positionOf(place: unknown): vscode.Position | undefined {
  if (typeof place !== "object" || place === null) return undefined;
  const { line, character }: { line?: unknown; character?: unknown } = place;
  const fits = Number.isSafeInteger(line) && Number.isSafeInteger(character);
  return fits ? new vscode.Position(Math.max(0, Number(line)), Math.max(0, Number(character))) : undefined;
}
