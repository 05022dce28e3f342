/** The rules in force, sorted by what they are asked about, with the severities and profiles a person has chosen. */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { RULES } from "../rules/index.ts";
import type { Rule, Severity } from "../rules/rule.ts";
import { PROFILE_SEVERITIES, type ProfileId } from "./profiles.ts";
import { SoundTools } from "./soundTools.ts";

/** Severities by rule id; "off" silences a rule. */
export type RuleSettings = Readonly<Record<string, Severity | "off">>;

type Hook = "record" | "tool" | "schema" | "call" | "sample" | "across";

export class RuleSet {
  static readonly standard = new RuleSet({});

  readonly profiles: ReadonlySet<ProfileId>;
  readonly #settings: RuleSettings;
  /** Of general rules, from the profiles. */
  readonly #raised: ReadonlyMap<string, Severity>;
  readonly #byHook: Record<Hook, readonly Rule[]>;
  readonly #sound = new Map<Dialect | undefined, SoundTools>();

  /** @param profiles a rule of other profiles is in force only where the settings name a severity for it */
  constructor(settings: RuleSettings, profiles: Iterable<ProfileId> = [], rules: readonly Rule[] = RULES) {
    this.#settings = settings;
    this.profiles = new Set(profiles);
    this.#raised = new Map([...this.profiles].flatMap((profile) => Object.entries(PROFILE_SEVERITIES[profile])));
    const chosen = ({ id, profiles: only }: Rule): boolean =>
      only === undefined || Object.hasOwn(settings, id) || only.some((profile) => this.profiles.has(profile));
    const active = rules.filter((rule) => chosen(rule) && (settings[rule.id] ?? rule.severity) !== "off");
    const having = (hook: Hook): Rule[] => active.filter((rule) => rule[hook] !== undefined);
    this.#byHook = {
      record: having("record"),
      tool: having("tool"),
      schema: having("schema"),
      call: having("call"),
      sample: having("sample"),
      across: having("across"),
    };
  }

  with(hook: Hook): readonly Rule[] {
    return this.#byHook[hook];
  }

  /** Tools in which these rules found nothing, with the habits of the dialect. */
  sound(dialect: Dialect | undefined): SoundTools {
    let tools = this.#sound.get(dialect);
    if (tools === undefined) {
      tools = new SoundTools();
      this.#sound.set(dialect, tools);
    }
    return tools;
  }

  /** What a person chose, by itself or with a profile, else the dialect's habit, else what the rule says of this case or of all. */
  severity(rule: Rule, dialect: Dialect | undefined, ofCase: Severity | undefined): Severity | "off" {
    return (
      this.#settings[rule.id] ?? this.#raised.get(rule.id) ?? dialect?.habits?.[rule.id] ?? ofCase ?? rule.severity
    );
  }
}
