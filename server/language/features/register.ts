/** The features' handlers on a connection, and what the client is told of them. */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import {
  type CancellationToken,
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeWorkspaceFoldersNotification,
  ErrorCodes,
  ResponseError,
  type ServerCapabilities,
  type WorkspaceFolder,
} from "vscode-languageserver";
import { dialectNamed } from "../../toolcalls/dialects/index.ts";
import { plain } from "../../toolcalls/display.ts";
import { COMPLETE_DRAFT, CONVERT, DIALECT, HARD_COUNTS } from "../messages.ts";
import type { Session } from "../session.ts";
import { pathOf } from "../uris.ts";
import { AnswerLengths } from "./answerLength.ts";
import { codeActions, FIX_ALL } from "./codeActions.ts";
import { AROUND, codeLenses, type VisibleLines } from "./codeLens.ts";
import { completion } from "./completion.ts";
import { type Converted, convert } from "./convert.ts";
import { draftCompletion } from "./draftCompletion.ts";
import { foldingRanges } from "./folding.ts";
import { formatting, rangeFormatting } from "./formatting.ts";
import { HardCounts } from "./hardCounts.ts";
import { hover } from "./hover.ts";
import { definition, references } from "./navigation.ts";
import { prepareRename, rename } from "./rename.ts";
import { signatureHelp } from "./signatureHelp.ts";
import { documentSymbols, workspaceSymbols } from "./symbols.ts";
import { ToolUsage } from "./usage.ts";

export const FEATURE_CAPABILITIES: ServerCapabilities = {
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL] },
  codeLensProvider: {},
  completionProvider: { triggerCharacters: ['"', ":", " ", ","] },
  definitionProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  hoverProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  signatureHelpProvider: { triggerCharacters: ["{", ",", '"'] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  workspaceSymbolProvider: true,
};

const DialectParams = Type.Object({ uri: Type.String() });
const ConvertParams = Type.Object({ uri: Type.String(), dialect: Type.String() });

/** Lines that count as visible before the client has told. */
const FIRST_SCREEN: VisibleLines = { firstLine: 0, lastLine: 100 };

export class Features {
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #usage: ToolUsage;
  readonly #lengths = new AnswerLengths();
  /** Lines on the screen, and those for which lenses were last given. */
  readonly #visible = new Map<string, VisibleLines>();
  readonly #served = new Map<string, VisibleLines>();
  #folders: string[] = [];
  #refreshesLenses = false;

  constructor(connection: Connection, session: Session) {
    this.#connection = connection;
    this.#session = session;
    this.#usage = new ToolUsage(
      session,
      () => this.#folders,
      () => this.#refreshLenses(),
    );
    this.#register(session);
  }

  configure(folders: readonly WorkspaceFolder[], refreshesLenses: boolean): void {
    this.#setFolders(pathsOf(folders));
    this.#refreshesLenses = refreshesLenses;
  }

  #setFolders(folders: string[]): void {
    this.#folders = folders;
    this.#session.setFolders(folders);
    this.#usage.invalidate();
  }

  show(uri: string, lines: VisibleLines): void {
    this.#visible.set(uri, lines);
    const served = this.#served.get(uri);
    const covered =
      served === undefined ||
      (lines.firstLine >= Math.max(0, served.firstLine - AROUND) && lines.lastLine <= served.lastLine + AROUND);
    if (!covered) this.#refreshLenses();
  }

  /** A document or a file on disk has changed. */
  changed({ onDisk = false } = {}): void {
    this.#usage.invalidate();
    if (onDisk) this.#lengths.forget();
  }

  close(uri: string): void {
    this.#visible.delete(uri);
    this.#served.delete(uri);
    this.changed();
  }

  #refreshLenses(): void {
    if (this.#refreshesLenses) this.#connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
  }

  #register(session: Session): void {
    const connection = this.#connection;
    const hard = new HardCounts();
    const sources = { usage: this.#usage, hard, lengths: this.#lengths };
    connection.onCodeLens(({ textDocument: { uri } }) => {
      const visible = this.#visible.get(uri) ?? FIRST_SCREEN;
      this.#served.set(uri, visible);
      const analysis = session.analysis(uri);
      return analysis === undefined ? [] : codeLenses(analysis, uri, visible, sources);
    });
    /** Once the document's tools are known. */
    const known =
      <P extends { textDocument: { uri: string } }, R>(answer: (params: P, token: CancellationToken) => R) =>
      async (params: P, token: CancellationToken): Promise<Awaited<R>> => {
        await session.toolsKnown(params.textDocument.uri);
        return await answer(params, token);
      };
    connection.onCompletion(known((place) => completion(session, place)));
    connection.onDefinition(known((place) => definition(session, place)));
    connection.onDocumentFormatting(({ textDocument: { uri }, options }) => {
      const analysis = session.analysis(uri);
      return analysis === undefined ? [] : formatting(analysis, options);
    });
    connection.onDocumentRangeFormatting(({ textDocument: { uri }, range }) => {
      const analysis = session.analysis(uri);
      return analysis === undefined ? [] : rangeFormatting(analysis, range);
    });
    connection.onDocumentSymbol(({ textDocument: { uri } }) => documentSymbols(session, uri));
    connection.onFoldingRanges(({ textDocument: { uri } }) => {
      const analysis = session.analysis(uri);
      return analysis === undefined ? [] : foldingRanges(analysis);
    });
    connection.onCodeAction(
      known((params) => {
        const analysis = session.analysis(params.textDocument.uri);
        return analysis === undefined ? [] : codeActions(analysis, params);
      }),
    );
    connection.onHover(known((place) => hover(session, place, sources).then((found) => found ?? null)));
    connection.onPrepareRename(known((place) => prepareRename(session, place)));
    connection.onReferences(
      known(({ context, ...place }, token) =>
        references(session, this.#folders, place, context, () => token.isCancellationRequested),
      ),
    );
    connection.onRenameRequest(known(({ newName, ...place }) => rename(session, this.#folders, place, newName)));
    connection.onSignatureHelp(known((place) => signatureHelp(session, place) ?? null));
    connection.onWorkspaceSymbol(({ query }, token) =>
      workspaceSymbols(session, this.#folders, query, () => token.isCancellationRequested),
    );
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => {
      const gone = new Set(pathsOf(removed));
      this.#setFolders([...this.#folders.filter((folder) => !gone.has(folder)), ...pathsOf(added)]);
    });
    connection.onNotification(HARD_COUNTS, (message: unknown) => {
      if (hard.take(message)) this.#refreshLenses();
    });
    connection.onRequest(COMPLETE_DRAFT, (place: unknown) => draftCompletion(session, place));
    connection.onRequest(CONVERT, (params: unknown) => convertRequest(session, params));
    connection.onRequest(DIALECT, (params: unknown) => dialectRequest(session, params));
  }
}

const pathsOf = (folders: readonly WorkspaceFolder[]): string[] =>
  folders.filter(({ uri }) => uri.startsWith("file:")).map(({ uri }) => pathOf(uri));

const refuse = (sentence: string): ResponseError<void> => new ResponseError(ErrorCodes.InvalidParams, sentence);

function dialectRequest(session: Session, params: unknown): DialectAnswer | ResponseError<void> {
  if (!Value.Check(DialectParams, params)) return refuse("A dialect is asked for by the uri of an open document.");
  const analysis = session.analysis(params.uri);
  if (analysis === undefined) return refuse("The document is not open.");
  const detected = analysis.detectedDialect()?.id;
  const chosen = analysis.surroundings.dialect?.id;
  return { ...(detected === undefined ? {} : { detected }), ...(chosen === undefined ? {} : { chosen }) };
}

interface DialectAnswer {
  detected?: string;
  chosen?: string;
}

async function convertRequest(session: Session, params: unknown): Promise<Converted | ResponseError<void>> {
  if (!Value.Check(ConvertParams, params))
    return refuse("A conversion needs the uri of an open document and a dialect.");
  await session.toolsKnown(params.uri);
  const analysis = session.analysis(params.uri);
  if (analysis === undefined) return refuse("The document is not open.");
  const target = dialectNamed(params.dialect);
  if (target === undefined) return refuse(`There is no dialect "${plain(params.dialect)}".`);
  return convert(analysis, target);
}
