/** What onnxruntime-genai wants to know of a model (its config reference calls the file genai_config.json). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { follows } from "../../../../toolcalls/check.ts";
import { readJson } from "../../../../toolcalls/documents.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { endTokens } from "../model/weights.ts";
import { pastName, presentName } from "./causalGraph.ts";

const Token = Type.Object({
  bos_token_id: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  pad_token_id: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
});

/**
 * @param source model directory that the tokens' ids are read from
 * @param filename of the graph, relative to the configuration
 */
export function genaiConfig(source: string, config: ModelConfig, filename: string): object {
  const ends = [...endTokens(source)];
  return {
    model: {
      type: config.architecture,
      vocab_size: config.vocabulary,
      context_length: config.maxPositions,
      bos_token_id: token(source, "bos_token_id") ?? ends[0],
      eos_token_id: ends.length === 1 ? ends[0] : ends,
      pad_token_id: token(source, "pad_token_id") ?? ends[0],
      decoder: {
        session_options: { log_id: "onnxruntime-genai", provider_options: [] },
        filename,
        head_size: config.headSize,
        hidden_size: config.hidden,
        num_attention_heads: config.heads,
        num_hidden_layers: config.layers,
        num_key_value_heads: config.keyValueHeads,
        inputs: {
          input_ids: "input_ids",
          attention_mask: "attention_mask",
          position_ids: "position_ids",
          past_key_names: pastName("%d", "key"),
          past_value_names: pastName("%d", "value"),
        },
        outputs: {
          logits: "logits",
          present_key_names: presentName("%d", "key"),
          present_value_names: presentName("%d", "value"),
        },
      },
    },
    search: {
      do_sample: false,
      max_length: config.maxPositions,
      min_length: 0,
      num_beams: 1,
      num_return_sequences: 1,
      // The cache grows by concatenation; a shared buffer is for graphs whose attention writes into it.
      past_present_share_buffer: false,
      repetition_penalty: 1,
      temperature: 1,
      top_k: 1,
      top_p: 1,
    },
  };
}

function token(source: string, key: keyof Static<typeof Token>): number | undefined {
  for (const name of ["generation_config.json", "config.json"]) {
    const file = join(source, name);
    if (!existsSync(file)) continue;
    const { value } = readJson(file);
    if (follows(Token, value) && typeof value[key] === "number") return value[key];
  }
  return undefined;
}
