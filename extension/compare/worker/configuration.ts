/** How the configurations of runs differ, key by key, from their records. */
import { createHash } from "node:crypto";
import { dirname, relative, sep } from "node:path";
import type { ConfigurationRow } from "../../../schemas/compareView.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { resolveSettings } from "../../../schemas/settings.ts";
import { plain } from "../../../server/toolcalls/display.ts";

const LONGEST_VALUE = 300;

type Leaf = string | number | boolean | null;

/** Values by the path of keys; lists are one value each. */
type Flat = ReadonlyMap<string, Leaf>;

/**
 * Rows for the keys whose values differ, in the order of the records, and how many are equal in all of them.
 *
 * @param records undefined where one cannot be read: it has no values, and differs in nothing
 */
export function configurationDifference(records: readonly (RunRecord | undefined)[]): {
  rows: ConfigurationRow[];
  equal: number;
} {
  const columns = records.map((record) => record && { values: flatRecord(record), standard: standardOf(record) });
  const known = columns.filter((column) => column !== undefined);
  const keys = [...new Set(known.flatMap(({ values }) => [...values.keys()]))];
  const differing = keys.filter((key) => new Set(known.map(({ values }) => values.get(key))).size > 1);
  return {
    rows: differing.map((key) => ({
      key,
      values: columns.map((column) => {
        const value = column?.values.get(key);
        if (column === undefined || value === undefined) return null;
        return { text: plain(String(value), LONGEST_VALUE), standard: column.standard.get(key) === value };
      }),
    })),
    equal: keys.length - differing.length,
  };
}

/** What the run's preset says at its scale, before anybody changed it. */
function standardOf({ experiment: { preset, scale } }: RunRecord): Flat {
  return new Map(leavesOf(resolveSettings({ preset, scale }), "settings"));
}

function flatRecord(record: RunRecord): Flat {
  const { experiment, engine = {}, versions } = record;
  const { name, preset, scale, seed, device, threads, settings } = experiment;
  return new Map([
    ...leavesOf({ name, preset, scale, seed, device, threads }),
    ...filesOf(record),
    ...leavesOf(settings, "settings"),
    ...leavesOf(engine, "engine"),
    ...leavesOf(versions, "versions"),
  ]);
}

/** Files as the experiment names them, and what was in them: a path may stay while its contents change. */
function filesOf({ experiment, inputs }: RunRecord): [string, Leaf][] {
  const { file, model, tools, train, heldOut, demonstrations, rewardFile } = experiment;
  const named: Record<string, readonly (string | undefined)[]> = {
    model: [model],
    tools,
    train: [train],
    heldOut: [heldOut],
    demonstrations: [demonstrations],
    rewardFile: [rewardFile],
  };
  return Object.entries(named).flatMap(([key, all]): [string, Leaf][] => {
    const paths = all.filter((path) => path !== undefined);
    if (paths.length === 0) return [];
    const shown = paths.map((path) => relative(dirname(file), path).replaceAll(sep, "/") || ".");
    const read = inputs.filter((input) =>
      paths.some((path) => input.file === path || input.file.startsWith(path + sep)),
    );
    const contents: [string, Leaf][] = read.length === 0 ? [] : [[`${key} (SHA-256)`, digestOf(read)]];
    return [[key, shown.join(", ")], ...contents];
  });
}

/** The beginning of a file's hash, or of the hash over those of several files. */
function digestOf(files: readonly { sha256: string }[]): string {
  const [first] = files;
  const whole =
    first && files.length === 1
      ? first.sha256
      : createHash("sha256")
          .update(files.map(({ sha256 }) => sha256).join("\n"))
          .digest("hex");
  return whole.slice(0, 12);
}

function leavesOf(value: object, prefix?: string): [string, Leaf][] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, Leaf][] => {
    const key = prefix === undefined ? name : `${prefix}.${name}`;
    if (part === undefined) return [];
    if (part === null || typeof part === "string" || typeof part === "number" || typeof part === "boolean")
      return [[key, part]];
    return Array.isArray(part) || typeof part !== "object" ? [[key, JSON.stringify(part)]] : leavesOf(part, key);
  });
}
