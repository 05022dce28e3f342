/** The micro policy's folder without its configuration and weights: tokenizer, chat template, generation settings. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatTemplate } from "../../server/prompts/chatTemplate.ts";
import { PromptRenderer } from "../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { addedTokens, trainTokenizer } from "./bpe.ts";
import { catalog } from "./catalog.ts";
import { firstCompletion, inFirstWording } from "./firstWording.ts";
import { defaultShares, warmupRows } from "./warmupRows.ts";

export const VOCABULARY_SIZE = 2048;

/** Longest text the micro policy is meant for, in tokens. */
const CONTEXT = 1024;

const EOS = "<|im_end|>";
const PAD = "<|endoftext|>";

const TEXT_ROWS = 6000;
const TEXT_SEED = 7;

/** File name → content. */
export type Files = ReadonlyMap<string, string>;

const template = (): string => readFileSync(new URL("policy/chat_template.jinja", import.meta.url), "utf8").trimEnd();

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function filesAround(tokenizer: Record<string, unknown>): Map<string, string> {
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    add_bos_token: false,
    bos_token: null,
    clean_up_tokenization_spaces: false,
    eos_token: EOS,
    pad_token: PAD,
    unk_token: null,
    model_max_length: CONTEXT,
    padding_side: "left",
    chat_template: template(),
  };
  return new Map([
    ["tokenizer.json", pretty(tokenizer)],
    ["tokenizer_config.json", pretty(config)],
    ["special_tokens_map.json", pretty({ eos_token: EOS, pad_token: PAD })],
  ]);
}

export function rendererIn(dir: string): PromptRenderer {
  return new PromptRenderer(Tokenizer.load(dir), ChatTemplate.load(dir), catalog);
}

/** Runs `use` on a temporary folder that holds the files. */
function inFolder<T>(files: Files, use: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), "quickstart-policy-"));
  try {
    for (const [name, content] of files) writeFileSync(join(dir, name), content);
    return use(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Runs `use` on a folder whose tokenizer has no merges: it renders the texts that a tokenizer is learnt from. */
export const withoutMerges = <T>(use: (dir: string) => T, sentences: readonly string[] = []): T =>
  inFolder(filesAround(trainTokenizer([], 0, sentences)), use);

function warmupTexts(): string[] {
  return withoutMerges((dir) => {
    const renderer = rendererIn(dir);
    return Array.from(
      warmupRows(TEXT_SEED, TEXT_ROWS, defaultShares, firstCompletion),
      ({ sample }) => inFirstWording(renderer.prompt(sample).text) + renderer.target(sample).text,
    );
  });
}

export const policyFiles = (): Files => tokenizerFiles(warmupTexts(), VOCABULARY_SIZE);

/** The folder with a tokenizer learnt from these texts; each of the sentences is one token of it. */
export function tokenizerFiles(
  texts: Iterable<string>,
  vocabularySize: number,
  sentences: readonly string[] = [],
): Files {
  const tokenizer = trainTokenizer(texts, vocabularySize, sentences);
  const firstAdded = vocabularySize - addedTokens.length - sentences.length;
  const idOf = (token: string): number => firstAdded + addedTokens.indexOf(token);
  const generation = {
    bos_token_id: null,
    eos_token_id: idOf(EOS),
    pad_token_id: idOf(PAD),
    do_sample: true,
    temperature: 1,
  };
  return new Map([...filesAround(tokenizer), ["generation_config.json", pretty(generation)]]);
}
