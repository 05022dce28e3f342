/** `adapter_config.json`: PEFT's description of an adapter, of which only what this engine computes is taken. */
import { type Static, Type } from "@sinclair/typebox";
import { ADAPTER_TARGETS } from "../../../../../../schemas/adapter.ts";
import { InputError } from "../../../../../../schemas/problem.ts";
import { check } from "../../../../../toolcalls/check.ts";
import { showValue } from "../../../../../toolcalls/display.ts";
import type { JsonDocument } from "../../../../../toolcalls/documents.ts";
import type { Lora } from "../../../lora.ts";

const Keys = Type.Object({
  peft_type: Type.String(),
  r: Type.Integer({ minimum: 1 }),
  lora_alpha: Type.Number({ exclusiveMinimum: 0 }),
  lora_dropout: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  use_rslora: Type.Optional(Type.Boolean()),
  target_modules: Type.Union([Type.Array(Type.String(), { minItems: 1 }), Type.String()]),
  bias: Type.Optional(Type.String()),
  task_type: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  init_lora_weights: Type.Optional(Type.Union([Type.Boolean(), Type.String(), Type.Null()])),
});
type Keys = Static<typeof Keys>;

/** Keys that change nothing of what a finished adapter computes, or that qualify others which are refused themselves. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...Object.keys(Keys.properties),
  "auto_mapping",
  "base_model_name_or_path",
  "inference_mode",
  "megatron_core",
  "peft_version",
  "qalora_group_size",
  "revision",
  "runtime_config",
]);

/** Ways to draw the first values that leave the base as it is: an adapter of any other belongs to changed weights. */
const HARMLESS_STARTS: ReadonlySet<unknown> = new Set([undefined, null, true, false, "gaussian", "orthogonal"]);

export type PeftAdapter = Omit<Lora, "dropout" | "frozen">;

/**
 * The adapter that the file describes.
 * @throws InputError naming the key, where it describes something that is not computed here
 */
export function readPeftConfig(document: JsonDocument): PeftAdapter {
  const keys = check<Keys>(Keys, document);
  const refuse = (key: string, sentence: string) => new InputError(sentence, document.locate([key]));
  if (keys.peft_type !== "LORA")
    throw refuse("peft_type", `Adapters of type ${showValue(keys.peft_type)} are not supported; LORA is.`);
  if ((keys.bias ?? "none") !== "none")
    throw refuse(
      "bias",
      `Adapters that train biases (${showValue(keys.bias)}) are not supported; bias must be "none".`,
    );
  if ((keys.task_type ?? "CAUSAL_LM") !== "CAUSAL_LM") {
    throw refuse("task_type", `This is an adapter for ${showValue(keys.task_type)}; a policy needs one for CAUSAL_LM.`);
  }
  if (!HARMLESS_STARTS.has(keys.init_lora_weights)) {
    const start = showValue(keys.init_lora_weights);
    throw refuse(
      "init_lora_weights",
      `An adapter that starts by ${start} belongs to weights that this start has changed.`,
    );
  }
  for (const [key, value] of Object.entries(document.value as object)) {
    if (WITHOUT_EFFECT.has(key) || isOff(value)) continue;
    throw refuse(key, `Adapters with ${showValue(key)} are not supported.`);
  }
  return {
    rank: keys.r,
    alpha: keys.lora_alpha,
    rankStabilized: keys.use_rslora ?? false,
    targets: targetsOf(keys, document),
  };
}

/** null, false, 0, and lists and objects with nothing in them: what PEFT writes for what an adapter does not use. */
function isOff(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

/** A module as target_modules may name it: by its last part, with the module around it, or by its whole path, layer included. */
const MODULE = /^(?:(?:model\.)?layers\.(\d+)\.)?(?:(?:self_attn|mlp)\.)?(\w+)$/;

/** The projections that have an adapter. PEFT itself saves "all-linear" as the paths of all modules of all layers. */
function targetsOf({ target_modules: named }: Keys, document: JsonDocument): PeftAdapter["targets"] {
  if (named === "all-linear") return ADAPTER_TARGETS;
  const refuse = (sentence: string) => new InputError(sentence, document.locate(["target_modules"]));
  // A text is a pattern over the names of modules.
  if (typeof named === "string") throw refuse("Targets that are a pattern are not supported; list the modules.");
  /** By projection: the layers that are named, or undefined for all of them. */
  const layers = new Map<string, Set<number> | undefined>();
  for (const name of named) {
    const [, layer, projection = ""] = MODULE.exec(name) ?? [];
    if (!ADAPTER_TARGETS.some((target) => target === projection)) {
      const known = ADAPTER_TARGETS.join(", ");
      throw refuse(`Adapters of the module ${showValue(name)} are not supported; those of ${known} are.`);
    }
    const known = layers.get(projection) ?? new Set();
    const everywhere = layer === undefined || (layers.has(projection) && layers.get(projection) === undefined);
    layers.set(projection, everywhere ? undefined : known.add(Number(layer)));
  }
  const sets = [...layers.values()].map((numbers) => numbers && [...numbers].sort((a, b) => a - b).join());
  const inAll = (numbers: Set<number> | undefined) =>
    numbers === undefined || Math.max(...numbers) === numbers.size - 1;
  if (new Set(sets).size > 1 || ![...layers.values()].every(inAll))
    throw refuse("Adapters of some layers only are not supported; each projection has one in all layers or in none.");
  return ADAPTER_TARGETS.filter((target) => layers.has(target));
}

/** What PEFT needs to know to load an adapter of ours. */
export function peftConfigOf({ rank, alpha, rankStabilized, dropout, targets }: Lora, base: string): object {
  return {
    auto_mapping: null,
    base_model_name_or_path: base,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: alpha,
    lora_dropout: dropout,
    modules_to_save: null,
    peft_type: "LORA",
    r: rank,
    revision: null,
    target_modules: targets,
    task_type: "CAUSAL_LM",
    use_dora: false,
    use_rslora: rankStabilized,
  };
}
