/** What others wrote: that it is used, licensed and named, and nothing more than that. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { filesIn } from "../scripts/bundle.ts";
import { entries, external } from "../scripts/entries.ts";
import { thirdPartyNotices } from "../scripts/packaging/notices.ts";
import { importsOf } from "./floors.ts";
import { filesWith, root, textOf } from "./sources.ts";

/** Licenses that ask for their notice and nothing else. */
const WELCOME =
  /^(MIT|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC-BY-4\.0|\(?MIT OR Apache-2\.0\)?)$/;

interface Manifest {
  name: string;
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
}
const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));

/** Folders of packages whose code is in a bundle. */
async function bundled(): Promise<Set<string>> {
  const programs = await Promise.all(entries.map(filesIn));
  const folders = programs.flatMap((files) =>
    files.flatMap((file) => {
      const at = file.lastIndexOf("node_modules/");
      const parts = file.slice(at + "node_modules/".length).split("/");
      const name = parts.slice(0, parts[0]?.startsWith("@") ? 2 : 1).join("/");
      return at < 0 ? [] : [`${file.slice(0, at)}node_modules/${name}`];
    }),
  );
  return new Set(folders);
}

test("the notices name what ships, each with its version, its license and the license's text, and nothing else", async () => {
  const folders = [...(await bundled()), ...[...external, "onnxruntime-common"].map((name) => `node_modules/${name}`)];
  assert.ok(folders.length > 30);
  const [, ...notices] = (await thirdPartyNotices()).split(`\n\n${"-".repeat(80)}\n\n`);
  const heads = notices.map((notice) => notice.split("\n", 1)[0] ?? "");
  const shipped = [...new Set(folders)].map(manifestIn);
  assert.deepEqual(
    [...heads].sort(),
    shipped.map(({ name, version, license }) => `${name} ${version} (${license})`).sort(),
  );
  for (const notice of notices)
    assert.match(
      notice.replace(/\s+/g, " "),
      /Permission is hereby granted|Permission to use, copy|Redistribution and use|Apache License|Blue Oak Model License|Creative Commons/,
      notice.slice(0, 60),
    );
});

test("no license of what ships asks for more than its notice", async () => {
  const asking = [...(await bundled())].map(manifestIn).filter(({ license }) => !WELCOME.test(license ?? ""));
  assert.deepEqual(
    asking.map(({ name, license }) => `${name}: ${license}`),
    [],
  );
});

test("every dependency is imported by the product or by another one, and everything that it imports is one", () => {
  const { dependencies = {} } = manifestIn(".");
  const product = filesWith("ts", "tsx", "css").filter(
    (file) => /^(schemas|server|extension|webview)\//.test(file) && !/\.test\.ts$|\/testing\//.test(file),
  );
  const used = new Set(
    product.flatMap((file) =>
      importsOf(textOf(file))
        .map(({ specifier }) => specifier)
        .filter((specifier) => !/^(\.|node:|vscode$)/.test(specifier))
        .map((specifier) =>
          specifier
            .split("/")
            .slice(0, specifier.startsWith("@") ? 2 : 1)
            .join("/"),
        ),
    ),
  );
  assert.deepEqual([...used].filter((name) => !(name in dependencies)).sort(), [], "imported, but no dependency");
  // Pinned for them: two copies of a parser's runtime would not know each other's objects.
  const wanted = new Set(
    [...used].flatMap((name) => Object.keys(manifestIn(`node_modules/${name}`).dependencies ?? {})),
  );
  assert.deepEqual(
    Object.keys(dependencies)
      .filter((name) => !used.has(name) && !wanted.has(name))
      .sort(),
    [],
    "a dependency of nothing",
  );
});
