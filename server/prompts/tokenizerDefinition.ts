/**
 * tokenizer.json as the library reads it best. Where the library departs from the tokenizers of transformers, the definition is written
 * in other words that mean the same to both.
 */
import { plain, showValue } from "../toolcalls/display.ts";
import { isJsonObject } from "../toolcalls/json.ts";

type Json = Record<string, unknown>;

/** Pieces of text as GPT-2 cuts them. The library has this pattern too, with JavaScript's idea of white space (U+FEFF, not U+0085). */
const GPT2_PIECES = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** @throws Error naming what the library would get wrong without a word */
export function exactDefinition(definition: Json, config: Json): Json {
  const tokens = addedTokens(definition, config);
  checkIds([...vocabularyOf(definition.model).ids, ...tokens.map(({ content, id }) => [String(content), id] as const)]);
  const withTokens = { ...definition, added_tokens: tokens };
  return {
    normalizer: null,
    post_processor: null,
    decoder: null,
    ...withTokens,
    pre_tokenizer: preTokenizer(definition.pre_tokenizer),
  };
}

function preTokenizer(step: unknown): unknown {
  if (!isJsonObject(step)) return step ?? null;
  switch (step.type) {
    case "Sequence":
      return { ...step, pretokenizers: asList(step.pretokenizers).map(preTokenizer) };
    case "Digits":
      // The library knows the ten digits of ASCII only.
      return isolated(step.individual_digits === true ? "\\p{N}" : "\\p{N}+");
    case "ByteLevel":
      return step.use_regex === false ? step : byteLevel(step);
    case "Split":
      return checkedSplit(step);
    default:
      return step;
  }
}

function byteLevel(step: Json): Json {
  const bytes = { ...step, use_regex: false, add_prefix_space: false };
  // Before the pieces are cut, unlike where ByteLevel stands behind them.
  const prefix =
    step.add_prefix_space === true ? [{ type: "Replace", pattern: { Regex: "\\A([^ ])" }, content: " $1" }] : [];
  return { type: "Sequence", pretokenizers: [...prefix, isolated(GPT2_PIECES), bytes] };
}

const isolated = (pattern: string): Json => ({
  type: "Split",
  pattern: { Regex: pattern },
  behavior: "Isolated",
  invert: false,
});

function checkedSplit(step: Json): Json {
  const behavior = String(step.behavior).toLowerCase();
  const known = behavior === "removed" || (behavior === "isolated" && step.invert !== true);
  if (!known) throw new Error(`its pre-tokenizer splits with the behavior "${step.behavior}", which is not supported`);
  return step;
}

/**
 * The added tokens, as transformers has them: those of tokenizer_config.json count before those of tokenizer.json, and named special tokens
 * that are plain words of the vocabulary are kept whole too.
 */
function addedTokens(definition: Json, config: Json): Json[] {
  const vocabulary = vocabularyOf(definition.model);
  const tokens = new Map<string, Json>();
  const add = (token: Json): void => {
    const content = String(token.content);
    const last = Math.max(-1, ...Array.from(tokens.values(), ({ id }) => Number(id)));
    const id = tokens.get(content)?.id ?? vocabulary.ids.get(content) ?? Math.max(last + 1, vocabulary.size);
    tokens.set(content, { ...token, id });
  };
  for (const token of asList(definition.added_tokens).filter(isJsonObject)) tokens.set(String(token.content), token);
  for (const [, token] of decoderEntries(config.added_tokens_decoder)) add(token);
  for (const content of namedTokens(config))
    if (!tokens.has(content) && vocabulary.ids.has(content)) add({ content, special: true, normalized: false });
  for (const [content, token] of tokens)
    if (token.single_word === true)
      throw new Error(`its added token "${content}" is a single word, which is not supported`);
  return [...tokens.values()];
}

function decoderEntries(decoder: unknown): [number, Json][] {
  const entries = isJsonObject(decoder) ? Object.entries(decoder) : [];
  return entries
    .filter((entry): entry is [string, Json] => isJsonObject(entry[1]))
    .map(([id, token]): [number, Json] => [Number(id), token])
    .sort(([left], [right]) => left - right);
}

function namedTokens(config: Json): string[] {
  const named = Object.entries(config).filter(([key]) => key.endsWith("_token"));
  const more = asList(config.extra_special_tokens ?? config.additional_special_tokens);
  return [...named.map(([, token]) => token), ...more]
    .map((token) => (isJsonObject(token) ? token.content : token))
    .filter((text) => typeof text === "string");
}

function vocabularyOf(model: unknown): { ids: ReadonlyMap<string, unknown>; size: number } {
  const vocabulary = isJsonObject(model) ? model.vocab : undefined;
  if (Array.isArray(vocabulary))
    return { ids: new Map(vocabulary.map((entry, id) => [String([entry].flat()[0]), id])), size: vocabulary.length };
  const entries = isJsonObject(vocabulary) ? Object.entries(vocabulary) : [];
  return { ids: new Map(entries), size: entries.length };
}

/** Ids that no token has, at most: vocabularies have a few, between their own tokens and the added ones. */
const MOST_UNUSED = 100_000;

/** The library goes through all numbers up to the highest id. @throws Error where an id is none, or far beyond the others */
function checkIds(ids: readonly (readonly [string, unknown])[]): void {
  const end = 2 * ids.length + MOST_UNUSED;
  const wild = ids.find(([, id]) => !(Number.isInteger(id) && Number(id) >= 0 && Number(id) < end));
  if (wild === undefined) return;
  const [token, id] = wild;
  throw new Error(
    `the id of its token "${plain(token)}" is ${showValue(id)}, and ${ids.length} tokens have ids from 0 to ${end - 1}`,
  );
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
