/** The tokenizer files of a model directory, small enough to reason about: bytes, a few merges, four special tokens. */
import { byteAlphabet } from "../byteAlphabet.ts";

const SPECIAL = ["<|end|>", "<|start|>", "<|pad|>"];
const TAGS = ["<tool_call>", "</tool_call>"];
/** In order of rank; each merge joins two tokens that exist before it. Ġ is the space, Ċ the line break. */
const MERGES = ["t h", "th e", "Ġ the", "Ġ f", "n a", "m e", "na me", "Ċ Ċ"];

/** tokenizer.json: byte-level BPE. */
export function tinyTokenizer(): Record<string, unknown> {
  const texts = [...byteAlphabet(), ...MERGES.map((merge) => merge.replace(" ", ""))];
  const added = [...SPECIAL, ...TAGS].map((content, index) => ({
    id: texts.length + index,
    content,
    special: SPECIAL.includes(content),
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(texts.map((text, id) => [text, id])),
      merges: MERGES,
    },
  };
}

/** A chat template in the manner of the Hermes and Qwen families. */
export const TINY_TEMPLATE = `{%- set system = messages[0].content if messages[0].role == "system" else "Call tools." %}
{{- "<|start|>system\\n" + system }}
{%- if tools %}
{{- "\\n<tools>" }}
{%- for tool in tools %}{{ "\\n" + (tool | tojson) }}{% endfor %}
{{- "\\n</tools>" }}
{%- endif %}
{{- "<|end|>\\n" }}
{%- for message in messages if message.role != "system" %}
{{- "<|start|>" + message.role + "\\n" + message.content }}
{%- for call in message.tool_calls or [] %}
{{- ("" if loop.first and not message.content else "\\n") + "<tool_call>\\n" }}
{{- '{"name": ' + (call.function.name | tojson) + ', "arguments": ' + (call.function.arguments | tojson) + "}\\n</tool_call>" }}
{%- endfor %}
{{- "<|end|>\\n" }}
{%- endfor %}
{%- if add_generation_prompt %}{{ "<|start|>assistant\\n" }}{% endif %}`;

/** tokenizer_config.json, the template inside. */
export function tinyConfig(): Record<string, unknown> {
  return { eos_token: "<|end|>", pad_token: { content: "<|pad|>" }, chat_template: TINY_TEMPLATE };
}

/** The files of the directory, as folderWith of server/toolcalls/testing takes them. */
export function tinyModelFiles(
  changes: { tokenizer?: Record<string, unknown>; config?: Record<string, unknown> } = {},
): Record<string, string> {
  return {
    "tokenizer.json": JSON.stringify({ ...tinyTokenizer(), ...changes.tokenizer }),
    "tokenizer_config.json": JSON.stringify({ ...tinyConfig(), ...changes.config }),
  };
}
