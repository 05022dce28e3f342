/** The JSON-Schema-Test-Suite where a folder of it lies beside the repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { check } from "../../check.ts";
import { readJson } from "../../documents.ts";
import type { Draft } from "../dialects.ts";

const Groups = Type.Array(
  Type.Object({
    description: Type.String(),
    schema: Type.Unknown(),
    tests: Type.Array(Type.Object({ description: Type.String(), data: Type.Unknown(), valid: Type.Boolean() })),
  }),
);

export interface SuiteCase {
  /** `file: group: test`. */
  name: string;
  schema: unknown;
  value: unknown;
  valid: boolean;
}

const FOLDERS: Record<Draft, string> = { "2020-12": "draft2020-12", "draft-07": "draft7" };

/** Where the suite lies; undefined where it does not. */
export function suiteFolder(): string | undefined {
  const shared = process.env.TOOLEXPANDER_SHARED ?? path.resolve(import.meta.dirname, "../../../../../shared");
  const folder = path.join(shared, "corpus", "json-schema-test-suite");
  return existsSync(folder) ? folder : undefined;
}

/** The required tests of a draft. */
export function suiteCases(suite: string, draft: Draft): SuiteCase[] {
  const folder = path.join(suite, FOLDERS[draft]);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .flatMap((file) =>
      check<Static<typeof Groups>>(Groups, readJson(path.join(folder, file))).flatMap((group) =>
        group.tests.map(({ description, data, valid }) => ({
          name: `${file.replace(/\.json$/, "")}: ${group.description}: ${description}`,
          schema: group.schema,
          value: data,
          valid,
        })),
      ),
    );
}

/** The documents that the suite serves to references, by the URI its tests use. */
export function suiteDocuments(suite: string): Map<string, unknown> {
  const folder = path.join(suite, "remotes");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return new Map(
    files.map((file) => [
      `http://localhost:1234/${file.split(path.sep).join("/")}`,
      JSON.parse(readFileSync(path.join(folder, file), "utf8")),
    ]),
  );
}
