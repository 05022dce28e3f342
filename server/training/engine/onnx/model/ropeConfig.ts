/** What config.json says of the rotary position embedding, in the layout of transformers 4 or 5. */
import { type Static, Type } from "@sinclair/typebox";
import { InputError } from "../../../../../schemas/problem.ts";
import { check } from "../../../../toolcalls/check.ts";
import { showValue } from "../../../../toolcalls/display.ts";
import type { JsonDocument } from "../../../../toolcalls/documents.ts";
import type { RotaryScaling } from "./rotaryFrequencies.ts";

const positive = Type.Number({ exclusiveMinimum: 0 });
const count = Type.Integer({ minimum: 1 });
const group = Type.Optional(Type.Union([Type.Object({}), Type.Null()]));

const Keys = Type.Object({
  max_position_embeddings: count,
  original_max_position_embeddings: Type.Optional(count),
  rope_theta: Type.Optional(positive),
  partial_rotary_factor: Type.Optional(Type.Number()),
  rope_scaling: group,
  rope_parameters: group,
});

const Parameters = Type.Object({
  /** The older name is `type`. */
  rope_type: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  rope_theta: Type.Optional(positive),
  partial_rotary_factor: Type.Optional(Type.Number()),
});
const Linear = Type.Object({ factor: positive });
const Llama3 = Type.Object({
  factor: positive,
  low_freq_factor: positive,
  high_freq_factor: positive,
  original_max_position_embeddings: Type.Optional(count),
});

export interface Rope {
  theta: number;
  scaling: RotaryScaling | undefined;
}

/** The base where config.json names none. */
const THETA = 10_000;

/** @throws InputError on a kind of rotary embedding that this engine does not compute */
export function readRope(document: JsonDocument): Rope {
  const keys = check<Static<typeof Keys>>(Keys, document);
  // transformers' own order: a scaling in the older layout stands above parameters in the newer one.
  const key = Object.keys(keys.rope_scaling ?? {}).length > 0 ? "rope_scaling" : "rope_parameters";
  const value = keys[key] ?? {};
  const part: JsonDocument = {
    file: document.file,
    value,
    locate: (path) => document.locate([key, ...path]),
  };
  refuseLayerTypes(value, part);
  const parameters = check<Static<typeof Parameters>>(Parameters, part);
  if ((parameters.partial_rotary_factor ?? keys.partial_rotary_factor ?? 1) !== 1) {
    const owner = parameters.partial_rotary_factor === undefined ? document : part;
    throw new InputError(
      "Rotary embeddings of a part of each head (partial_rotary_factor) are not supported; use a model that rotates whole heads.",
      owner.locate(["partial_rotary_factor"]),
    );
  }
  return { theta: parameters.rope_theta ?? keys.rope_theta ?? THETA, scaling: readScaling(part, parameters, keys) };
}

function readScaling(
  part: JsonDocument,
  parameters: Static<typeof Parameters>,
  keys: Static<typeof Keys>,
): RotaryScaling | undefined {
  const type = parameters.rope_type ?? parameters.type ?? "default";
  switch (type) {
    case "default":
      return undefined;
    case "linear":
      return { kind: "linear", factor: check<Static<typeof Linear>>(Linear, part).factor };
    case "llama3": {
      const scaling = check<Static<typeof Llama3>>(Llama3, part);
      const { factor, low_freq_factor: lowFrequency, high_freq_factor: highFrequency } = scaling;
      if (highFrequency <= lowFrequency) {
        throw new InputError(
          `high_freq_factor is ${highFrequency}; it must be more than low_freq_factor, which is ${lowFrequency}.`,
          part.locate(["high_freq_factor"]),
        );
      }
      const originalPositions =
        keys.original_max_position_embeddings ??
        scaling.original_max_position_embeddings ??
        keys.max_position_embeddings;
      return { kind: "llama3", factor, lowFrequency, highFrequency, originalPositions };
    }
    default:
      throw new InputError(
        `Rotary embeddings of type ${showValue(type)} are not supported; those of type default, linear and llama3 are.`,
        part.locate([parameters.rope_type === undefined ? "type" : "rope_type"]),
      );
  }
}

/** Models that mix kinds of layers have parameters for each: read as one for all they would be wrong without a word. */
function refuseLayerTypes(value: object, part: JsonDocument): void {
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== "object" || member === null || Array.isArray(member)) continue;
    throw new InputError(
      "Rotary embeddings that differ between kinds of layers are not supported; use a model with one kind.",
      part.locate([name]),
    );
  }
}
