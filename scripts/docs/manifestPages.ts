/** docs/commands.md and docs/settings.md, from the extension's manifest. */
import { commandNames } from "../../extension/commands/names.ts";
import { commandTexts } from "./commandTexts.ts";
import { contributes, english } from "./manifestFile.ts";
import { table, typeOf } from "./schemaTable.ts";

/** Where a menu is, in words. */
const places: Record<string, string> = {
  "view/title": "title of a view",
  "view/item/context": "row of a tree",
  "explorer/context": "explorer",
  "editor/title/run": "title of an editor",
  "editor/title": "title of an editor",
  "editor/title/context": "tab",
  "webview/context": "row of a view",
};

export function commandsPage(): string {
  const menus = Object.entries(contributes.menus);
  const rows = commandNames.map((name) => {
    const title = contributes.commands.find(({ command }) => command === name)?.title ?? name;
    const keys = contributes.keybindings.find(({ command }) => command === name);
    const found = menus.filter(([, items]) => items.some(({ command }) => command === name));
    const where = [...new Set(found.map(([menu]) => places[menu] ?? menu))];
    return [
      `**${english(title)}**`,
      commandTexts[name],
      where.join(", "),
      keys === undefined ? "" : `${keys.key}, macOS ${keys.mac}`,
      `\`${name}\``,
    ];
  });
  return [
    "# Commands",
    "",
    "Made by `node scripts/docs/reference.ts` from the extension's manifest. Press F1 and type `ToolExpander`: every command is listed always, and",
    "one that cannot be carried out says why.",
    "",
    ...table(["command", "what it does", "also in", "keys", "id, for key bindings"], rows),
  ].join("\n");
}

/** From so many choices on a list of them says nothing. */
const MANY = 12;

export function settingsPage(): string {
  const sections = Object.entries(contributes.configuration.properties).flatMap(([name, setting]) => {
    const { default: usual, scope, enum: choices, enumDescriptions = [] } = setting;
    return [
      `## \`${name}\``,
      "",
      english(setting.markdownDescription),
      "",
      `${kindOf(name, setting)}; \`${JSON.stringify(usual)}\` by default; ${scopes[scope] ?? scope}.`,
      "",
      ...(choices ?? []).map(
        (choice, index) => `- \`${JSON.stringify(choice)}\`: ${english(enumDescriptions[index] ?? "")}`,
      ),
      ...(choices ? [""] : []),
    ];
  });
  return [
    "# Settings",
    "",
    "Made by `node scripts/docs/reference.ts` from the extension's manifest. These are settings of the editor; what a run does is said by its",
    "experiment ([formats.md](formats.md)).",
    "",
    ...sections,
  ].join("\n");
}

const scopes: Record<string, string> = {
  "machine-overridable": "for the machine, or for a workspace",
  resource: "for the user, a workspace or a folder",
  window: "for the user or a workspace",
};

type Setting = (typeof contributes.configuration.properties)[string];

function kindOf(name: string, setting: Setting): string {
  if (setting.enum) return "One of the choices below";
  const { additionalProperties: values, items } = setting;
  if (typeof values === "object") {
    const choices = values.enum ?? [];
    const key = name.endsWith(".rules")
      ? "A severity for each rule ([rules](rules/README.md))"
      : "A choice for each glob";
    return `${key}: ${choices.length < MANY ? typeOf(values) : `one of ${choices.map((one) => `\`${String(one)}\``).join(", ")}`}`;
  }
  if (items) return `A ${typeOf({ items })}`;
  const said = typeOf({ ...setting, description: "" });
  return said.charAt(0).toUpperCase() + said.slice(1);
}
