/** What a person sets about the checks. Comes from the editor, so it is checked before anything uses it. */
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { MAX_DEPTH } from "../toolcalls/json.ts";
import { PROFILE_IDS, type ProfileId } from "./analysis/profiles.ts";
import { DEFAULT_LIMITS } from "./records/scan.ts";

const Severities = Type.Union(
  ["error", "warning", "information", "hint", "off"].map((name) => Type.Unsafe<Severity>(Type.Literal(name))),
);
type Severity = "error" | "warning" | "information" | "hint" | "off";

const Profile = Type.Union(PROFILE_IDS.map((id) => Type.Unsafe<ProfileId>(Type.Literal(id))));

const LanguageSettings = Type.Object({
  /** Severities by rule id. */
  rules: Type.Record(Type.String(), Severities, { default: {} }),
  /** Providers whose own rules are in force. */
  profiles: Type.Array(Profile, { uniqueItems: true, default: [] }),
  /** Ids of dialects by glob, in place of the detected ones. */
  dialects: Type.Record(Type.String(), Type.String(), { default: {} }),
  /** Findings of one file that are shown. */
  maxFindings: Type.Integer({ minimum: 1, maximum: 100_000, default: 1000 }),
  /** Longest record that is read, UTF-16 units. */
  maxRecordLength: Type.Integer({ minimum: 1000, maximum: 2 ** 28, default: DEFAULT_LIMITS.length }),
  maxDepth: Type.Integer({ minimum: 1, maximum: MAX_DEPTH, default: DEFAULT_LIMITS.depth }),
});

export type LanguageSettings = Static<typeof LanguageSettings>;

export const DEFAULT_SETTINGS: LanguageSettings = {
  rules: {},
  profiles: [],
  dialects: {},
  maxFindings: 1000,
  maxRecordLength: DEFAULT_LIMITS.length,
  maxDepth: DEFAULT_LIMITS.depth,
};

/** A setting that is absent or out of its range has its default; the others hold. */
export function readSettings(value: unknown): LanguageSettings {
  const given: Record<string, unknown> = { ...Object(value) };
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [key, schema] of Object.entries(LanguageSettings.properties)) {
    if (Object.hasOwn(given, key) && Value.Check(schema, given[key])) settings[key] = given[key];
  }
  return Value.Decode(LanguageSettings, settings);
}
