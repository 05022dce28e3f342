/** Trains the micro policy's tokenizer: a byte-level BPE in the form of a Hugging Face `tokenizer.json`. */
import { learnMerges } from "./bytePairs.ts";

/** Special tokens are no part of what a person reads; the tags are, since rewards and views read them. */
const SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
const TAGS = ["<tools>", "</tools>", "<tool_call>", "</tool_call>", "<think>", "</think>", "<examples>", "</examples>"];
export const addedTokens: readonly string[] = [...SPECIAL, ...TAGS];

/**
 * What merges may not cross. A word never takes its space along and a digit stands alone, so a value has the same tokens
 * in a query and in JSON, and can be copied. The scaffolding of schemas and calls, which never varies, is one piece each
 * time: it halves the length of a prompt.
 */
const afterType = String.raw`(?:,"|\},"required":\["|)`;
const scaffolding = [
  String.raw`\{"name":"`,
  '","description":"',
  String.raw`","parameters":\{"type":"object","properties":\{"`,
  String.raw`":\{"type":"(?:string|integer|number|boolean)"\}${afterType}`,
  String.raw`":\{"type":"array","items":\{"type":"string"\}\}${afterType}`,
  String.raw`":\{"type":"string","enum":\["`,
  String.raw`":\{"type":"object","properties":\{"`,
  String.raw`","arguments":\{"`,
  String.raw`\{"tool":"`,
  '","question":"',
  String.raw`","answer":\{"name":"`,
];
const PIECES = `${scaffolding.join("|")}|\\p{L}+|\\p{N}|\\s+|[^\\s\\p{L}\\p{N}]+`;

/** Byte → the printable character that stands for it in byte-level BPE (the table of GPT-2). */
const byteCharacters: readonly string[] = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let spare = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : spare++));
})();

const utf8 = new TextEncoder();
const byteLevel = (text: string): string => Array.from(utf8.encode(text), (byte) => byteCharacters[byte]).join("");

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

function countPieces(texts: Iterable<string>, whole: readonly string[]): Map<string, number> {
  const pieces = new RegExp(PIECES, "gu");
  const added = new RegExp(whole.map(escaped).join("|"), "u");
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const stretch of text.split(added)) {
      for (const [piece] of stretch.matchAll(pieces)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
    }
  }
  return new Map(Array.from(counts, ([piece, count]) => [byteLevel(piece), count]));
}

/**
 * @param vocabularySize ids in all, added tokens included
 * @param sentences texts that every prompt has alike, each of which is to be one token
 */
export function trainTokenizer(
  texts: Iterable<string>,
  vocabularySize: number,
  sentences: readonly string[] = [],
): Record<string, unknown> {
  const alphabet = [...byteCharacters].sort();
  // A sentence may hold a tag, and is found before it.
  const pieces = countPieces(texts, [...sentences, ...addedTokens]);
  const added = [...addedTokens, ...sentences];
  const { merges, symbols } = learnMerges(pieces, alphabet, vocabularySize - added.length);
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added.map((content, index) => ({
      id: symbols.length + index,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: SPECIAL.includes(content),
    })),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: PIECES }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(symbols.map((symbol, id) => [symbol, id])),
      merges,
    },
  };
}
