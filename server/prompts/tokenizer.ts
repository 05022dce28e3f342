/** Text to token ids and back, by the tokenizer of a Hugging Face model directory. */
import { join } from "node:path";
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { InputError } from "../../schemas/problem.ts";
import { plain } from "../toolcalls/display.ts";
import { bytesWithoutToken } from "./byteAlphabet.ts";
import { readModelJson } from "./modelFile.ts";
import { type GenerationTokens, generationTokens, specialTokens } from "./specialTokens.ts";
import { exactDefinition } from "./tokenizerDefinition.ts";

/** Part of an answer even where a tokenizer marks them special: rewards read them. */
const ANSWER_TAGS = new Set(["<tool_call>", "</tool_call>"]);

/** What is used of the library, whose own type declarations do not resolve under Node's module rules. */
interface LibraryTokenizer {
  /** An id is undefined where neither the token nor an unknown token has one. */
  encode(text: string, options: { add_special_tokens: boolean }): { ids: (number | undefined)[]; tokens: unknown[] };
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(): Map<string, number>;
  get_added_tokens_decoder(): Map<number, { content: string; special: boolean }>;
}

export class Tokenizer {
  readonly dir: string;
  /** Id of the token that ends a turn: the tokenizer's own, where generation stops at it. */
  readonly eos: number;
  /** All ids at which generation stops. */
  readonly endings: ReadonlySet<number>;
  /** Id for padding; eos where the model names none. */
  readonly pad: number;
  /** Highest id plus one. */
  readonly size: number;
  /** The eos token as text, as chat templates write it. */
  readonly eosText: string;
  readonly #tokenizer: LibraryTokenizer;
  /** Ids that are no part of what a person reads. */
  readonly #hidden: ReadonlySet<number>;
  readonly #missingBytes: ReadonlySet<number>;

  /** @throws InputError on a missing or unreadable tokenizer.json or tokenizer_config.json, and without an eos token */
  static load(modelDir: string): Tokenizer {
    return new Tokenizer(
      modelDir,
      readModelJson(modelDir, "tokenizer.json"),
      readModelJson(modelDir, "tokenizer_config.json"),
      generationTokens(modelDir),
    );
  }

  private constructor(
    dir: string,
    definition: Record<string, unknown>,
    config: Record<string, unknown>,
    generation: GenerationTokens,
  ) {
    this.dir = dir;
    // Of the configuration it needs the eos token alone; other keys would make it change the text, as transformers does not.
    const { eos_token } = config;
    this.#tokenizer = this.#used(() => new HuggingFaceTokenizer(exactDefinition(definition, config), { eos_token }));
    const vocabulary = this.#tokenizer.get_vocab();
    this.size = 1 + Array.from(vocabulary.values()).reduce((highest, id) => Math.max(highest, id), -1);
    const special = specialTokens(dir, config);
    this.eos = this.#eosOf(special, generation);
    this.eosText = this.#tokenizer.id_to_token(this.eos) ?? "";
    this.endings = new Set(generation.eos.length > 0 ? generation.eos : [this.eos]);
    this.pad = special.has("pad_token") ? this.#idOf("pad_token", special) : (generation.pad ?? this.eos);
    this.#hidden = new Set([this.eos, this.pad, ...this.endings, ...this.#specialIds()]);
    this.#missingBytes = bytesWithoutToken(definition, vocabulary);
    // A wrong decoder shows now, and not when the first completion is read.
    this.decode([this.eos], { keepSpecial: true });
  }

  /**
   * A tokenizer may name one token and generation stop at others, as where a chat model was made of a base model: the policy has to write one
   * that ends its turn.
   */
  #eosOf(special: ReadonlyMap<string, string>, { eos }: GenerationTokens): number {
    const known = eos.filter((id) => this.#tokenizer.id_to_token(id) !== undefined);
    if (!special.has("eos_token") && known[0] !== undefined) return known[0];
    const own = this.#idOf("eos_token", special);
    return eos.length === 0 || eos.includes(own) ? own : (known[0] ?? own);
  }

  /** The texts of all tokens at which generation stops. */
  get endingTexts(): string[] {
    return Array.from(this.endings, (id) => this.#tokenizer.id_to_token(id)).filter((text) => text !== undefined);
  }

  /** The texts of tokens that are no part of what a person reads; where a stranger's text spells one, it would be read as the token. */
  get specialTexts(): string[] {
    return Array.from(this.#hidden, (id) => this.#tokenizer.id_to_token(id)).filter((text) => text !== undefined);
  }

  #idOf(key: string, special: ReadonlyMap<string, string>): number {
    const text = special.get(key);
    const place = { file: join(this.dir, "tokenizer_config.json"), key };
    if (text === undefined) throw new InputError(`The tokenizer names no ${key}; completions could never end.`, place);
    const id = this.#tokenizer.token_to_id(text);
    if (id === undefined)
      throw new InputError(`The ${key} "${plain(text)}" is not in the tokenizer's vocabulary.`, place);
    return id;
  }

  *#specialIds(): Iterable<number> {
    for (const [id, { special, content }] of this.#tokenizer.get_added_tokens_decoder()) {
      if (special && !ANSWER_TAGS.has(content)) yield id;
    }
  }

  /**
   * Token ids of the text, nothing added: a chat template writes the special tokens itself, and they are recognised here.
   * @throws InputError on a character the vocabulary cannot express
   */
  encode(text: string): Int32Array {
    if (this.#missingBytes.size > 0) this.#refuseMissingBytes(text);
    const { ids, tokens } = this.#used(() => this.#tokenizer.encode(text, { add_special_tokens: false }));
    return Int32Array.from(ids, (id, index) => id ?? this.#refuse(tokens[index]));
  }

  /** The library looks at some steps of a definition only when it takes them. */
  #used<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      const why = plain((error as Error).message, 200);
      throw new InputError(`This tokenizer cannot be used: ${why}.`, { file: join(this.dir, "tokenizer.json") });
    }
  }

  #refuseMissingBytes(text: string): void {
    const encoder = new TextEncoder();
    for (const character of text) {
      if (encoder.encode(character).some((byte) => this.#missingBytes.has(byte))) this.#refuse(character);
    }
  }

  /** @param token what a definition names as unknown, which may be anything */
  #refuse(token: unknown): never {
    const text = typeof token === "string" ? token : "";
    throw new InputError(`The tokenizer has no token for "${plain(text)}".`, {
      file: join(this.dir, "tokenizer.json"),
    });
  }

  /**
   * The text exactly as the policy wrote it (no clean-up of spaces), without special tokens unless keepSpecial. Bytes that
   * are not UTF-8 and ids without a token (a policy's vocabulary may be larger) become U+FFFD.
   */
  decode(ids: ArrayLike<number>, options: { keepSpecial?: boolean } = {}): string {
    const texts: string[] = [];
    let known: number[] = [];
    const flush = (): void => {
      // The library refuses an empty list.
      if (known.length > 0)
        texts.push(this.#used(() => this.#tokenizer.decode(known, { clean_up_tokenization_spaces: false })));
      known = [];
    };
    for (const id of Array.from(ids)) {
      if (!options.keepSpecial && this.#hidden.has(id)) continue;
      if (this.#tokenizer.id_to_token(id) === undefined) {
        flush();
        texts.push("\ufffd");
      } else known.push(id);
    }
    flush();
    return texts.join("");
  }

  /** @throws InputError when an id lies outside the policy's vocabulary */
  checkAgainst(vocabSize: number): void {
    if (this.size <= vocabSize) return;
    throw new InputError(
      `The tokenizer has ids up to ${this.size - 1}, but the model's vocab_size is ${vocabSize}; they do not belong together.`,
      { file: join(this.dir, "tokenizer.json") },
    );
  }
}
