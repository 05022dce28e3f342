/** Whatever a model, a data set or a folder is called stays text in trees, messages, pickers, the status bar and the log. */
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import type * as vscode from "vscode";
import { InputError } from "../../schemas/problem.ts";
import { filesWith, textOf } from "../sources.ts";
import { standing } from "./editor.ts";
import { HOSTILE, ICON, LINK, OBEYED, OBEYED_IN_LINES, TEXTS } from "./texts.ts";
import { log, type Surface, shown, Uri } from "./vscode.ts";

const { someRun } = await import("../../extension/status/testing.ts");
const { RunTree } = await import("../../extension/status/runTree.ts");
const { HardSampleTree } = await import("../../extension/hardSamples/hardSampleTree.ts");
const { StatusBar } = await import("../../extension/status/statusBar.ts");
const { tellEnd } = await import("../../extension/status/notices.ts");
const { showFailure } = await import("../../extension/failures.ts");
const { pickRun } = await import("../../extension/commands/pickRun.ts");
const { pickSample } = await import("../../extension/replacements/pickSample.ts");
const { pickRollout } = await import("../../extension/replacements/pickRollout.ts");
const { chooseModel } = await import("../../extension/commands/chooseModel.ts");
const { openSample } = await import("../../extension/commands/hardSamples.ts");
const { judgingText, lineOf, nameOf, wishOf } = await import("../../extension/judging/judgingText.ts");
const { pickToJudge } = await import("../../extension/judging/judgingCommands.ts");
const { alarm, inform, pick, warn, withProgress } = await import("../../extension/window.ts");

type Runs = ConstructorParameters<typeof RunTree>[0];
type Workbench = Parameters<typeof chooseModel>[0];

beforeEach(() => shown.splice(0));

/** What each surface would make more of than text. */
const WRONG: Record<Surface, readonly RegExp[]> = {
  message: [OBEYED_IN_LINES, LINK],
  progress: [OBEYED_IN_LINES, LINK],
  input: [OBEYED_IN_LINES, LINK],
  picker: [OBEYED_IN_LINES, ICON],
  status: [OBEYED],
  log: [OBEYED_IN_LINES],
  context: [],
};

/** @param of how many texts, at least */
function assertInert(of = 1): void {
  assert.ok(shown.length >= of, `only ${shown.length} texts were shown`);
  for (const { surface, text } of shown)
    for (const wrong of WRONG[surface]) assert.doesNotMatch(text, wrong, `${surface}: ${JSON.stringify(text)}`);
}

const folder = `/runs/${HOSTILE.replaceAll("/", "")}`;
const run = (phase: Parameters<typeof someRun>[0] = {}) =>
  someRun(
    { folder, id: HOSTILE, name: HOSTILE, phase: "failed", message: HOSTILE, ...phase },
    { pausedOn: HOSTILE, deviceWhy: HOSTILE },
  );

const list = [
  run(),
  run({ folder: `${folder}2`, phase: "paused" }),
  run({ folder: `${folder}3`, phase: "unreadable" }),
];
const hard = {
  tools: [
    {
      tool: HOSTILE,
      hard: 1,
      more: 3,
      samples: [{ sample: HOSTILE, query: "q", state: "hard" as const, hard: true, probes: 2, failed: 2 }],
    },
    { tool: null, hard: 0, more: 0, samples: [] },
  ],
  hard: 1,
  known: true,
  problem: HOSTILE,
};
const listeners = new Set<(runs: readonly unknown[]) => void>();
const runs = standing<Runs>({
  list,
  experiments: [],
  find: (wanted: string) => list.find((one) => one.folder === wanted),
  look: async () => list,
  onDidChange: (listener: (runs: readonly unknown[]) => void) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  },
  hardSamples: async () => hard,
  hardHistory: async () => [{ what: "edit", step: 1, action: "refused", reason: HOSTILE }],
  models: async () => ({
    cache: HOSTILE,
    models: [{ id: HOSTILE, family: HOSTILE, dtype: "f32", size: "1 MB", problem: HOSTILE }],
  }),
});

/** Texts of a row. Editors draw labels and descriptions of rows as they are, and plain tooltips too. */
function rowTexts({ label, description, tooltip, accessibilityInformation }: vscode.TreeItem): string[] {
  const spoken = accessibilityInformation?.label;
  return [label, description, tooltip, spoken].flatMap((text) => {
    if (text === undefined) return [];
    assert.equal(typeof text, "string", "no Markdown, which would be read as such");
    return [String(text)];
  });
}

test("rows of runs and their facts", () => {
  const tree = new RunTree(runs);
  const texts = tree
    .getChildren()
    .flatMap((node) => [node, ...tree.getChildren(node)])
    .flatMap((node) => rowTexts(tree.getTreeItem(node)));
  tree.dispose();
  assert.ok(texts.length > 20 && texts.some((text) => text.includes("onerror")));
  for (const text of texts) assert.doesNotMatch(text, OBEYED_IN_LINES);
});

test("rows of hard samples, and what happened to them", async () => {
  const tree = new HardSampleTree(runs);
  await new Promise(setImmediate);
  const nodes = tree.getChildren().flatMap((node) => [node, ...tree.getChildren(node)]);
  const texts: string[] = [];
  for (const node of nodes) texts.push(...rowTexts(await tree.resolveTreeItem(tree.getTreeItem(node), node)));
  tree.dispose();
  assert.ok(nodes.length >= 4 && texts.some((text) => text.includes("refused")));
  for (const text of texts) assert.doesNotMatch(text, OBEYED_IN_LINES);
});

test("the status bar, one run and its sample", () => {
  const bar = new StatusBar(runs);
  for (const listener of listeners) listener([run({ phase: "paused" })]);
  bar.dispose();
  assertInert();
  const [{ text } = { text: "" }] = shown;
  assert.doesNotMatch(text.replace(/^\$\([\w-]+\)/, ""), ICON, "no icon but its own");
});

test("how runs ended", async () => {
  for (const phase of ["finished", "failed", "interrupted"] as const) await tellEnd(run({ phase }));
  assertInert(3);
});

test("failures of either kind, also in the log", () => {
  const output = standing<vscode.LogOutputChannel>(log);
  showFailure(new InputError(HOSTILE, { file: folder, line: 1, key: HOSTILE }), output);
  showFailure(new Error(HOSTILE), output);
  assertInert(4);
  assert.ok(shown.some(({ surface }) => surface === "log"));
});

test("pickers of runs, samples, rollouts, models and trajectories", async () => {
  const workbench = standing<Workbench>({
    runs,
    views: { openRollouts() {} },
    hardSamples: { listed: { run: list[0], samples: hard } },
  });
  await pickRun(runs, undefined, { fits: () => true, question: "Which?", none: "None." });
  await pickSample([{ id: HOSTILE, query: HOSTILE, state: HOSTILE, tools: [HOSTILE], failed: 1, edited: true }], true);
  await pickRollout([
    { at: { step: 1, phase: "train", group: 0, rollout: 0 }, sample: HOSTILE, query: HOSTILE, calls: HOSTILE },
  ]);
  await chooseModel(workbench, Uri.file(folder));
  await openSample(workbench, { folder });
  await pickToJudge([judged, judged]);
  assertInert(15);
  assert.deepEqual(
    shown.filter(({ surface }) => surface !== "picker"),
    [],
  );
});

const judged = {
  bridge: folder,
  isOffered: false,
  state: {
    file: `/w/${HOSTILE.replaceAll("/", "")}`,
    model: { vendor: HOSTILE, family: HOSTILE },
    key: null,
    state: "waiting" as const,
    open: 1,
    answered: 2,
    windows: 0,
    reason: HOSTILE,
  },
};

test("what waits for a judge, in the status bar", async () => {
  const { l10n } = await import("./vscode.ts");
  for (const key of [null, HOSTILE]) {
    const status = { ...judged, state: { ...judged.state, key } };
    const text = judgingText([status], standing(l10n));
    assert.doesNotMatch(text?.text.replace("$(law)", "") ?? "", ICON);
    for (const one of [text?.text, lineOf(status, standing(l10n)), nameOf(status), wishOf(status)])
      assert.doesNotMatch(one ?? "", OBEYED);
    assert.doesNotMatch(text?.tooltip ?? "", OBEYED_IN_LINES);
  }
});

for (const [what, text] of Object.entries(TEXTS))
  test(`${what} is text in every message, picker and progress, whoever says it`, async () => {
    await inform(text, "a button");
    await warn(text);
    await alarm(text, { modal: true, detail: "why" }, "a button");
    await pick([{ label: text, description: text, detail: text }], { title: text });
    await withProgress({ location: 15, title: text }, async (progress) => progress.report({ message: text }));
    assertInert(8);
  });

test("messages, pickers, fields and progress are shown by one module, which makes their texts inert", () => {
  const direct = filesWith("ts").filter(
    (file) =>
      file.startsWith("extension/") &&
      /\bwindow\s*\.\s*(show(Information|Warning|Error)Message|showQuickPick|showInputBox|withProgress|setStatusBarMessage)\b/.test(
        textOf(file),
      ),
  );
  assert.deepEqual(direct, ["extension/window.ts"]);
});

test("nothing of ours makes Markdown of its own in the editor, or trusts any", () => {
  const made = filesWith("ts").filter(
    (file) => file.startsWith("extension/") && /MarkdownString|supportHtml|isTrusted:\s*true/.test(textOf(file)),
  );
  assert.deepEqual(made, []);
});
