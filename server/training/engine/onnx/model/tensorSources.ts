/** Which tensor of a model directory holds each parameter, and whether the files and config.json speak of one model. */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";
import type { ModelWeights } from "../../modelWeights.ts";
import { FLOATS } from "../../safetensorsHeader.ts";
import type { ModelConfig } from "./modelConfig.ts";
import { parameterShapes } from "./parameters.ts";

const EMBEDDING = "model.embed_tokens.weight";
const HEAD = "lm_head.weight";

/** Tensors of the decoder that older releases saved though they follow from config.json; transformers passes over them too. */
const DERIVED = /(^|\.)(rotary_emb\.inv_freq|position_ids)$/;

/**
 * The tensor that each parameter is read from. Tensors outside of the decoder (a value head, say) are left alone, as
 * transformers leaves them.
 *
 * @throws InputError where a parameter has no tensor, or one of another shape or type; where the decoder has a tensor that
 * the architecture has no place for; and where a head that config.json ties to the embedding differs from it
 */
export function tensorSources(file: ModelWeights, config: ModelConfig): ReadonlyMap<string, string> {
  const refuse = (key: string, sentence: string) => new InputError(sentence, { file: file.dir, key });
  const shapes = parameterShapes(config);
  const sources = new Map<string, string>();
  for (const [name, shape] of shapes) {
    // A tied pair is saved once, under either name.
    const source = config.tied && name === EMBEDDING && !file.tensors.has(name) ? HEAD : name;
    const entry = file.tensors.get(source);
    if (entry === undefined) {
      throw refuse(name, `The weights lack the tensor ${name}, which the architecture in config.json needs.`);
    }
    if (entry.shape.join() !== shape.join()) {
      const sizes = `[${plain(entry.shape.join(", "))}] where config.json asks for [${shape.join(", ")}]`;
      throw refuse(source, `The tensor ${source} has the shape ${sizes}.`);
    }
    if (!FLOATS.has(entry.dtype)) {
      throw refuse(source, `The tensor ${source} holds ${entry.dtype} numbers; weights are F32, F16 or BF16.`);
    }
    sources.set(name, source);
  }
  for (const name of file.tensors.keys()) {
    if (shapes.has(name) || !name.startsWith("model.") || DERIVED.test(name)) continue;
    throw refuse(
      plain(name),
      `The weights hold the tensor ${plain(name)}, which the architecture in config.json has no place for: they belong to another model.`,
    );
  }
  if (config.tied && file.tensors.has(HEAD) && sources.get(EMBEDDING) !== HEAD && !file.same(EMBEDDING, HEAD)) {
    throw refuse(
      HEAD,
      "config.json ties the head to the embedding, but the weights hold a head that differs from it; set tie_word_embeddings to false.",
    );
  }
  return sources;
}
