/** The hand-written pages: their links lead somewhere, their messages are ours, and what they name exists. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { filesWith, root, textOf } from "./sources.ts";

const pages = filesWith("md").filter((file) => file.startsWith("docs/"));
const written = [...pages, ...filesWith("md").filter((file) => !file.includes("/")), "examples/quickstart/README.md"];

/** Without code, in which brackets mean other things. */
const prose = (text: string): string => text.replaceAll(/```[\s\S]*?```|^ {4}.*$|`[^`\n]*`/gm, "");

const linksOf = (file: string): string[] =>
  [...prose(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? "")
    .filter((link) => !/^(https?|command):/.test(link));

test("every link of a page leads to a file, and a page of the package to one that ships", () => {
  const dead = written.flatMap((file) =>
    linksOf(file)
      .filter((link) => {
        const target = path.posix.join(path.posix.dirname(file), link.split("#")[0] ?? "");
        const ships = !file.startsWith("docs/") || target.startsWith("docs/");
        return !ships || !existsSync(path.join(root, target));
      })
      .map((link) => `${file}: ${link}`),
  );
  assert.deepEqual(dead, []);
});

test("the index leads to every page, and the README to the index", () => {
  const reached = new Set(linksOf("docs/README.md").map((link) => path.posix.join("docs", link)));
  const alone = pages.filter((file) => !reached.has(file) && !/^docs\/(README\.md|rules\/)/.test(file));
  assert.deepEqual(alone, []);
  assert.ok(linksOf("README.md").includes("docs/README.md"));
});

test("troubleshooting explains messages that there are", () => {
  const sources = filesWith("ts", "tsx").filter(
    (file) => /^(schemas|server|extension|webview)\//.test(file) && !file.endsWith(".test.ts"),
  );
  const said = [...sources, "package.nls.json"].map(textOf).join("\n").replaceAll('\\"', '"');
  const messages = [...textOf("docs/troubleshooting.md").matchAll(/^### `(.*)`$/gm)].map((match) => match[1] ?? "");
  assert.ok(messages.length > 30);
  const unknown = messages.flatMap((message) =>
    message
      .split("…")
      .map((part) => part.trim())
      .filter((part) => part !== "" && !said.includes(part)),
  );
  assert.deepEqual(unknown, []);
});

test("commands that pages name are commands", () => {
  const titles = new Set(
    Object.entries<string>(JSON.parse(textOf("package.nls.json")))
      .filter(([key]) => key.startsWith("command."))
      .map(([, title]) => title),
  );
  const named = written.flatMap((file) =>
    [...textOf(file).matchAll(/\*\*ToolExpander: ([^*]+)\*\*/g)].map((match) => [file, match[1] ?? ""] as const),
  );
  assert.ok(named.length > 20);
  assert.deepEqual(
    named.filter(([, title]) => !titles.has(title)),
    [],
  );
});

test("verbs and options that pages give to the command line are there", () => {
  const cli = textOf("server/cli.ts") + textOf("server/cli/options.ts");
  const lines = written.flatMap((file) =>
    [...textOf(file).matchAll(/^ {4}(?:toolexpander|node dist\/cli\.js) ([^\n#]+)/gm)].map(
      (match) => [file, match[1] ?? ""] as const,
    ),
  );
  assert.ok(lines.length > 10);
  const unknown = lines.flatMap(([file, line]) => {
    const [verb = "", ...rest] = line.trim().split(/\s+/);
    const verbs = verb === "pause" ? ["pause"] : [verb];
    const options = rest.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*$/, ""));
    return [
      ...verbs.filter((name) => !cli.includes(`"${name}"`)),
      ...options.filter((option) => !cli.includes(option)),
    ].map((what) => `${file}: ${what}`);
  });
  assert.deepEqual(unknown, []);
});
