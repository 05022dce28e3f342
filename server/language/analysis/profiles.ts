/** What providers refuse beyond JSON Schema: sets of rules, and stricter severities, that a person chooses. */
import type { Severity } from "../../toolcalls/dialects/dialect.ts";

export const PROFILE_IDS = ["openai", "openai-strict", "anthropic", "gemini", "mcp", "mistral"] as const;

export type ProfileId = (typeof PROFILE_IDS)[number];

export const isProfileId = (id: string): id is ProfileId => PROFILE_IDS.some((known) => known === id);

/** What every provider that checks schemas refuses, and the general rules call unwise at most. */
const CHECKED = { "schema-type-name": "error", "schema-malformed": "error", "duplicate-tool": "error" } as const;

/** General rules that a profile takes more seriously, also inside a dialect whose habit the fault is. */
export const PROFILE_SEVERITIES: Readonly<Record<ProfileId, Readonly<Record<string, Severity>>>> = {
  openai: { ...CHECKED, "tool-name": "error", "array-items": "error" },
  "openai-strict": { ...CHECKED, "tool-name": "error", "array-items": "error", "property-type": "error" },
  anthropic: { ...CHECKED, "tool-name": "error", "empty-content": "error", "schema-draft": "error" },
  gemini: { ...CHECKED, "array-items": "error", "required-unknown": "error", "property-type": "error" },
  mcp: CHECKED,
  mistral: { ...CHECKED, "tool-name": "error", "empty-content": "error" },
};
