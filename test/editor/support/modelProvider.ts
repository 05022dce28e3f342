/** An extension that brings the editor a language model, as those of providers do: it scores calls with 7 and answers with 3. */
import { execFile } from "node:child_process";
import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../../sources.ts";

export const testModel = { vendor: "toolexpander-test", family: "steady" } as const;

const manifest = {
  name: "test-model",
  publisher: "toolexpander-test",
  version: "0.0.1",
  engines: { vscode: "^1.104.0" },
  main: "./main.cjs",
  extensionKind: ["workspace"],
  activationEvents: ["onStartupFinished"],
  contributes: { languageModelChatProviders: [{ vendor: testModel.vendor, displayName: "Test models" }] },
};

const program = `const vscode = require("vscode");
const model = {
  id: "steady-1", name: "Steady", family: ${JSON.stringify(testModel.family)}, version: "1",
  maxInputTokens: 1000000, maxOutputTokens: 100000, capabilities: {},
};
const textOf = ({ content }) => content.map((part) => part.value ?? "").join("");
function answer(messages) {
  try {
    const { candidates } = JSON.parse(textOf(messages.at(-1)));
    return JSON.stringify({ scores: candidates.map(({ candidate, kind }) => ({ candidate, score: kind === "call" ? 7 : 3, reason: kind })) });
  } catch {
    return "yes";
  }
}
exports.activate = (context) => {
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider(${JSON.stringify(testModel.vendor)}, {
    provideLanguageModelChatInformation: async () => [model],
    provideLanguageModelChatResponse: async (_model, messages, _options, progress) => {
      const text = answer(messages);
      for (const piece of [text.slice(0, 10), text.slice(10)]) progress.report(new vscode.LanguageModelTextPart(piece));
    },
    provideTokenCount: async () => 1,
  }));
};
`;

/** Packs it and returns the package's path. */
export async function packModelProvider(): Promise<string> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "toolexpander-model-")));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(folder, "main.cjs"), program);
  writeFileSync(path.join(folder, "README.md"), "A language model for tests.\n");
  const file = path.join(folder, "model.vsix");
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  const options = ["--out", file, "--no-dependencies", "--allow-missing-repository", "--skip-license"];
  await promisify(execFile)(process.execPath, [vsce, "package", ...options], { cwd: folder });
  return file;
}
