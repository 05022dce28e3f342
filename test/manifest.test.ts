/** The manifest and the code say the same: nothing is offered that nobody does, and nothing is done that nobody is offered. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import {
  commandNames,
  compareViewType,
  curvesViewType,
  episodesViewType,
  hardSamplesView,
  replacementViewType,
  rolloutsViewType,
  runsView,
  walkthrough,
} from "../extension/commands/names.ts";
import { ourPatterns } from "../extension/language/ourFiles.ts";
import { deviceChoices, settingNames, tryRollouts } from "../extension/settingNames.ts";
import { MOST_TRIED } from "../schemas/tries.ts";
import { entries } from "../scripts/entries.ts";
import { bundleText, messagesOf } from "../scripts/l10n.ts";
import { PROFILE_IDS } from "../server/language/analysis/profiles.ts";
import { RULES } from "../server/language/rules/index.ts";
import { DEFAULT_SETTINGS, readSettings } from "../server/language/settings.ts";
import { DIALECTS } from "../server/toolcalls/dialects/index.ts";
import { REPLACEMENT_SUFFIX } from "../server/toolcalls/replacementName.ts";
import { filesWith, root, textOf } from "./sources.ts";

interface Setting {
  enum?: string[];
  default: unknown;
  minimum?: number;
  maximum?: number;
  items?: { enum?: string[] };
  propertyNames?: { enum: string[] };
  additionalProperties?: { enum: string[] };
}

interface Manifest {
  main: string;
  icon: string;
  galleryBanner: { color: string; theme: string };
  categories: string[];
  keywords: string[];
  activationEvents: string[];
  engines: { vscode: string };
  extensionKind: string[];
  capabilities: {
    untrustedWorkspaces: { supported: string; restrictedConfigurations: string[]; description: string };
    virtualWorkspaces: { supported: boolean; description: string };
  };
  devDependencies: Record<string, string>;
  contributes: {
    commands: { command: string; title: string; category: string }[];
    views: Record<string, { id: string; icon?: string }[]>;
    viewsContainers: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; contents: string; when: string }[];
    walkthroughs: {
      id: string;
      steps: {
        id: string;
        description: string;
        completionEvents: string[];
        when?: string;
        media: { svg: string; altText: string };
      }[];
    }[];
    customEditors: { viewType: string; selector: { filenamePattern: string }[] }[];
    menus: Record<string, { command: string; when?: string }[]>;
    keybindings: { command: string; key: string; mac: string; when: string }[];
    configuration: { properties: Record<string, Setting> };
    configurationDefaults: Record<string, Record<string, unknown>>;
  };
}

const manifest = JSON.parse(textOf("package.json")) as Manifest;
const strings = JSON.parse(textOf("package.nls.json")) as Record<string, string>;
const { contributes } = manifest;
const steps = contributes.walkthroughs.flatMap((one) => one.steps);
const sources = filesWith("ts").filter((file) => file.startsWith("extension/") && !file.endsWith(".test.ts"));

test("every command has a handler, and every handler a command", () => {
  assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...commandNames].sort());
  assert.deepEqual([...new Set(contributes.commands.map(({ category }) => category))], ["ToolExpander"]);
});

test("menus, welcome texts and code name only commands that there are", () => {
  const known = new Set<string>(commandNames);
  const named = [
    ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
    ...contributes.keybindings.map(({ command }) => command),
    ...contributes.viewsWelcome
      .map(({ contents }) => contents)
      .concat(steps.map(({ description }) => description))
      .map((text) => strings[text.slice(1, -1)] ?? "")
      .flatMap((text) => [...text.matchAll(/\(command:(toolexpander\.\w+)/g)].map((match) => match[1] as string)),
    ...sources.flatMap((file) =>
      [...textOf(file).matchAll(/(?:command: |executeCommand\()"(toolexpander\.\w+)"/g)].map(
        (match) => match[1] as string,
      ),
    ),
  ];
  assert.ok(named.length > 20);
  assert.deepEqual(
    named.filter((command) => !known.has(command)),
    [],
  );
});

test("no command is hidden from the palette: one that is unavailable says why", () => {
  assert.deepEqual(contributes.menus.commandPalette ?? [], []);
});

test("a key does something only where a view of ours is in front, and nothing twice", () => {
  const { keybindings } = contributes;
  for (const { when } of keybindings)
    assert.match(when, /^activeCustomEditorId == toolexpander\.|^activeWebviewPanelId == /);
  const taken = keybindings.map(({ key, when }) => `${key} ${when}`);
  assert.equal(new Set(taken).size, taken.length);
});

test("every setting has a reader, and every reader a setting", () => {
  const ofTheServer = Object.keys(DEFAULT_SETTINGS).map((name) => `toolexpander.${name}`);
  const names = [...settingNames, ...ofTheServer].sort();
  assert.deepEqual(Object.keys(contributes.configuration.properties).sort(), names);
  const reader = textOf("extension/settings.ts");
  for (const name of settingNames) assert.match(reader, new RegExp(`get<unknown>\\("${name.split(".")[1]}"\\)`));
  assert.deepEqual(contributes.configuration.properties["toolexpander.device"]?.enum, [...deviceChoices]);
  const { minimum, maximum, default: usual } = contributes.configuration.properties["toolexpander.tryRollouts"] ?? {};
  assert.deepEqual({ least: minimum, most: maximum, usual }, tryRollouts);
  assert.equal(tryRollouts.most, MOST_TRIED);
});

test("the language server takes every value that the manifest allows, and no other", () => {
  const setting = (name: string) => contributes.configuration.properties[`toolexpander.${name}`] as Setting;
  const read = (name: string, value: unknown): unknown => Object.entries(readSettings({ [name]: value }));
  const taken = (name: string, value: unknown): unknown => Object.entries({ ...DEFAULT_SETTINGS, [name]: value });
  for (const [name, value] of Object.entries(DEFAULT_SETTINGS)) assert.deepEqual(setting(name).default, value, name);
  for (const name of ["maxFindings", "maxRecordLength", "maxDepth"]) {
    const { minimum = Number.NaN, maximum = Number.NaN } = setting(name);
    for (const value of [minimum, maximum]) assert.deepEqual(read(name, value), taken(name, value), name);
    for (const value of [minimum - 1, maximum + 1]) assert.deepEqual(readSettings({ [name]: value }), DEFAULT_SETTINGS);
  }
  const { propertyNames, additionalProperties } = setting("rules");
  assert.deepEqual(propertyNames?.enum, RULES.map(({ id }) => id).sort());
  for (const severity of additionalProperties?.enum ?? [])
    assert.deepEqual(readSettings({ rules: { leak: severity } }).rules, { leak: severity });
  assert.deepEqual(setting("profiles").items?.enum, [...PROFILE_IDS]);
  assert.deepEqual(setting("dialects").additionalProperties?.enum, DIALECTS.map(({ id }) => id).sort());
  assert.deepEqual(readSettings({ dialects: { "a.jsonl": "xlam" } }).dialects, { "a.jsonl": "xlam" });
});

test("JSON Lines are formatted by the language server, and it is asked while a string is typed", () => {
  const defaults = contributes.configurationDefaults["[jsonl]"];
  assert.equal(defaults?.["editor.defaultFormatter"], "toolexpander.toolexpander");
  assert.deepEqual(defaults?.["editor.quickSuggestions"], { strings: true });
});

test("every view has an owner, and every context key of ours is set", () => {
  const views = Object.values(contributes.views).flat();
  assert.deepEqual(
    views.map(({ id }) => id),
    [runsView, hardSamplesView],
  );
  const welcomed = new Set(contributes.viewsWelcome.map(({ view }) => view));
  assert.deepEqual([...welcomed], [runsView, hardSamplesView]);
  const containers = Object.values(contributes.viewsContainers).flatMap((list) => list.map(({ id }) => id));
  assert.deepEqual(Object.keys(contributes.views), containers);
  const code = sources.map(textOf).join("\n");
  const set = [...code.matchAll(/"setContext",\s*"(toolexpander\.\w+)"/g)].map((match) => match[1] as string);
  const { viewsWelcome, menus, keybindings } = contributes;
  const conditions = [...viewsWelcome, ...Object.values(menus).flat(), ...keybindings, ...steps].map(
    ({ when = "" }) => when,
  );
  conditions.push(...steps.flatMap(({ completionEvents }) => completionEvents));
  const keys = new Set(conditions.flatMap((when) => when.match(/toolexpander\.\w+/g) ?? []));
  assert.deepEqual(
    [...keys].sort(),
    [runsView, hardSamplesView, rolloutsViewType, curvesViewType, replacementViewType, ...set].sort(),
  );
});

test("the editor of hand edits takes their files and no others", () => {
  assert.deepEqual(
    contributes.customEditors.map(({ viewType, selector }) => [viewType, selector]),
    [[replacementViewType, [{ filenamePattern: `*${REPLACEMENT_SUFFIX}` }]]],
  );
});

test("the words that menus look for in a row are those the tree puts there", () => {
  const words = Object.values(contributes.menus)
    .flat()
    .flatMap(({ when = "" }) => [...when.matchAll(/viewItem =~ \/\\b(\w+)\\b\//g)].map((match) => match[1] as string));
  const trees = ["status/runTree.ts", "hardSamples/hardSampleTree.ts"]
    .map((file) => textOf(`extension/${file}`))
    .join();
  assert.deepEqual([...new Set(words)].sort(), ["pausable", "resumable", "run", "sample", "stoppable"]);
  for (const word of words) assert.ok(trees.includes(`"${word}"`), word);
});

test("every %key% has its string, and every string its key", () => {
  const used = [...textOf("package.json").matchAll(/%([\w.]+)%/g)].map((match) => match[1] as string);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(strings).sort());
});

test("every message of the code is in the bundle for translators, and nothing else", () => {
  assert.equal(textOf("l10n/bundle.l10n.json"), bundleText(), "run node scripts/l10n.ts");
  assert.deepEqual(messagesOf('vscode.l10n.t("a {0}", b); l10n.t(\n  "c \\"d\\"",\n);', "x.ts"), ["a {0}", 'c "d"']);
  assert.throws(() => messagesOf("l10n.t(`a`)", "x.ts"), /x\.ts:1/);
});

test("every language has every text, with the same places and the same commands", () => {
  /** What must not be translated: numbered places, commands behind links, and code. */
  const fixed = (text: string): string[] => (text.match(/\{\d+\}|\(command:[\w.]+\)|`[^`]+`/g) ?? []).sort();
  const files: [english: string, others: string[]][] = [
    ["package.nls.json", filesWith("json").filter((file) => /^package\.nls\.[\w-]+\.json$/.test(file))],
    ["l10n/bundle.l10n.json", filesWith("json").filter((file) => /^l10n\/bundle\.l10n\.[\w-]+\.json$/.test(file))],
  ];
  for (const [english, others] of files) {
    const source = JSON.parse(textOf(english)) as Record<string, string>;
    assert.ok(others.length > 0, english);
    for (const file of others) {
      const translated = JSON.parse(textOf(file)) as Record<string, string>;
      assert.deepEqual(Object.keys(translated).sort(), Object.keys(source).sort(), `${file} has what ${english} has`);
      for (const [key, text] of Object.entries(source)) {
        assert.notEqual(translated[key]?.trim(), "", `${file}: ${key}`);
        assert.deepEqual(fixed(translated[key] ?? ""), fixed(text), `${file}: ${key}`);
      }
    }
  }
});

test("the gallery can show what this is", () => {
  const { galleryBanner, categories, keywords } = manifest;
  assert.match(galleryBanner.color, /^#[0-9a-f]{6}$/);
  assert.ok(["dark", "light"].includes(galleryBanner.theme));
  assert.ok(categories.includes("Machine Learning"));
  // The Marketplace takes thirty.
  assert.ok(keywords.length > 5 && keywords.length <= 30);
  assert.equal(new Set(keywords).size, keywords.length);
});

test("nothing is told to anybody: there is no telemetry, by ours or by a library", () => {
  const { dependencies } = JSON.parse(textOf("package.json")) as { dependencies: Record<string, string> };
  assert.deepEqual(
    Object.keys(dependencies).filter((name) => /telemetry|analytics|sentry|applicationinsights/i.test(name)),
    [],
  );
  const ours = filesWith("ts", "tsx").filter((file) => /^(schemas|server|extension|webview)\//.test(file));
  assert.deepEqual(
    ours.filter((file) => /createTelemetryLogger|TelemetryReporter|sendBeacon/.test(textOf(file))),
    [],
  );
});

test("each step of the walkthrough ends by what happened, not by a click, and has its picture", () => {
  assert.deepEqual(
    contributes.walkthroughs.map(({ id }) => id),
    [walkthrough],
  );
  assert.equal(steps.length, 5);
  for (const { id, completionEvents, media } of steps) {
    assert.match(completionEvents.join(), /^onContext:toolexpander\.\w+$/, id);
    assert.ok(existsSync(path.join(root, media.svg)), media.svg);
    // A view of the editor runs no style of a picture, and a picture has to be seen in every theme.
    assert.doesNotMatch(textOf(media.svg), /<style|<script|href=/, media.svg);
    assert.match(textOf(media.svg), /var\(--vscode-/);
    assert.ok((strings[media.altText.slice(1, -1)] ?? "").length > 20, id);
  }
});

test("the editor's own version, where it runs and what it may do before trust are stated", () => {
  assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"]}`);
  assert.deepEqual(manifest.extensionKind, ["workspace"]);
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, "limited");
  // Each of them says which program is started, or which files are read.
  assert.deepEqual(restrictedConfigurations, ["toolexpander.allowedFolders", "toolexpander.nodePath"]);
  const { virtualWorkspaces, untrustedWorkspaces } = manifest.capabilities;
  assert.equal(virtualWorkspaces.supported, false);
  for (const { description } of [virtualWorkspaces, untrustedWorkspaces])
    assert.ok(strings[description.slice(1, -1)], "a person is told why");
});

test("the extension wakes only where its files are, or its views are", () => {
  for (const viewType of [rolloutsViewType, curvesViewType, compareViewType, episodesViewType])
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${viewType}`));
  assert.deepEqual(
    manifest.activationEvents.filter((event) => !/^(workspaceContains|onWebviewPanel):/.test(event)),
    // A file of ours may be opened without a folder.
    ["onLanguage:jsonl"],
  );
  const sought = manifest.activationEvents.flatMap((event) => /^workspaceContains:(.*)/.exec(event)?.[1] ?? []);
  for (const pattern of ["**/*.tools.json", "**/BFCL_v*.json"]) {
    assert.ok(ourPatterns.includes(pattern) && sought.includes(pattern), pattern);
  }
});

test("the program and the pictures that the manifest names are there", () => {
  assert.ok(entries.some(({ output }) => `./dist/${output}` === manifest.main));
  const views = Object.values(contributes.views).flat();
  const containers = Object.values(contributes.viewsContainers).flat();
  const pictures = [manifest.icon, ...[...views, ...containers].map(({ icon }) => icon)].filter(
    (icon) => icon !== undefined,
  );
  assert.ok(pictures.length >= 3);
  assert.deepEqual(
    pictures.filter((picture) => !existsSync(path.join(root, picture))),
    [],
  );
});
