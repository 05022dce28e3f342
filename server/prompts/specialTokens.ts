/** Which tokens of a model directory have a role: what templates know as `eos_token`, what ends a completion, what pads. */

import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { InputError } from "../../schemas/problem.ts";
import { follows } from "../toolcalls/check.ts";
import { isJsonObject } from "../toolcalls/json.ts";
import { optionalModelJson } from "./modelFile.ts";

/**
 * The special tokens by name (`eos_token`, `pad_token`, …), as texts: of tokenizer_config.json, and of special_tokens_map.json
 * where the former is of the time before it listed all added tokens itself.
 */
export function specialTokens(modelDir: string, config: Record<string, unknown>): Map<string, string> {
  const older = "added_tokens_decoder" in config ? {} : optionalModelJson(modelDir, "special_tokens_map.json");
  const more = isJsonObject(config.extra_special_tokens) ? config.extra_special_tokens : {};
  const tokens = new Map<string, string>();
  for (const [key, value] of Object.entries({ ...config, ...older, ...more })) {
    if (!key.endsWith("_token")) continue;
    const text = isJsonObject(value) ? value.content : value;
    if (typeof text === "string") tokens.set(key, text);
  }
  return tokens;
}

const Id = Type.Integer({ minimum: 0 });
const Ids = Type.Union([Id, Type.Array(Id)]);

export interface GenerationTokens {
  /** Each of these ends a completion; none where neither file names any. */
  eos: readonly number[];
  pad: number | undefined;
}

/**
 * What generation_config.json says of tokens, config.json where it says nothing. Its temperature, top_p and other defaults of sampling are not
 * read: a policy gradient is taken of the distribution that is sampled from, which the experiment sets, and top_p or top_k would make it
 * another one than the loss assumes.
 *
 * @throws InputError on an id that is none
 */
export function generationTokens(modelDir: string): GenerationTokens {
  const eos = idsOf(modelDir, "eos_token_id");
  const [pad] = idsOf(modelDir, "pad_token_id");
  return { eos, pad };
}

function idsOf(modelDir: string, key: string): number[] {
  for (const name of ["generation_config.json", "config.json"]) {
    const ids = optionalModelJson(modelDir, name)[key] ?? undefined;
    if (ids === undefined) continue;
    if (!follows(Ids, ids)) {
      throw new InputError("This must be a token's id or a list of ids.", { file: join(modelDir, name), key });
    }
    return [ids].flat();
  }
  return [];
}
