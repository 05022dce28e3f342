/** `vscode.l10n` as far as it is used: what makes texts gets it handed in, and so can be tested without an editor. */
export interface L10n {
  /** The message in the person's language, `{0}` … replaced. */
  t(message: string, ...args: (string | number)[]): string;
}

/** English, for tests. */
export const english: L10n = {
  t: (message, ...args) => message.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)])),
};
