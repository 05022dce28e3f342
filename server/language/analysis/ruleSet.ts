/** The rules in force, sorted by what they are asked about, with the severities a person has chosen. */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { RULES } from "../rules/index.ts";
import type { Rule, Severity } from "../rules/rule.ts";

/** Severities by rule id; "off" silences a rule. */
export type RuleSettings = Readonly<Record<string, Severity | "off">>;

type Hook = "record" | "tool" | "schema" | "call" | "sample" | "across";

export class RuleSet {
  static readonly standard = new RuleSet({});

  readonly #settings: RuleSettings;
  readonly #byHook: Record<Hook, readonly Rule[]>;

  constructor(settings: RuleSettings, rules: readonly Rule[] = RULES) {
    this.#settings = settings;
    const active = rules.filter((rule) => (settings[rule.id] ?? rule.severity) !== "off");
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

  /** What a person chose, else the dialect's habit, else what the rule says of this case or of all. */
  severity(rule: Rule, dialect: Dialect | undefined, ofCase: Severity | undefined): Severity | "off" {
    return this.#settings[rule.id] ?? dialect?.habits?.[rule.id] ?? ofCase ?? rule.severity;
  }
}
