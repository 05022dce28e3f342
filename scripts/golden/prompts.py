"""Writes the golden answers for tokenizers and chat templates: small tokenizers of each kind, and what transformers makes of prompts with them.

Run by hand, never in CI:  python scripts/golden/prompts.py [--train] [--corpus DIR] [--templates DIR]
The environment is pinned in requirements.txt; the outputs are committed. (A script named tokenizers.py would be found in place of the
package of that name.)

  --train      learns the tokenizers anew; all other answers change with them
  --corpus     a folder of published tool-calling sets; without it corpus.json stays as it is. Only hashes of its prompts are written
  --templates  a folder of the families' own templates, by default those that the installed trl brings; only hashes are written

Tokenizers have the settings of their family (normalizer, pre-tokenizer, kind of added tokens, post-processor) and a few thousand merges that
were learnt from the quickstart's files and the texts below.
"""

import argparse
import hashlib
import importlib.util
import json
import pathlib
from datetime import datetime

import tokenizers
import transformers.utils.chat_template_utils as chat_templates
from corpus_prompts import conversation, records, selected
from prompt_cases import CONVERSATIONS, TEMPLATES, TEXTS
from tokenizer_kinds import KINDS, ROOT, train
from transformers import AutoTokenizer, PreTrainedTokenizerFast

OUT = ROOT / "server/prompts/testing/golden"
# Templates of the families, by the kind of tokenizer that they are rendered for.
FAMILY_TEMPLATES = {
    "qwen2": ["qwen2_5", "qwen2_5_training", "qwen3", "qwen3_training", "qwen3_instruct_2507"],
    "llama3": ["llama3_1", "llama3_2", "llama3_training"],
    "smollm2": ["smolvlm", "phi3"],
}


class FixedClock(datetime):
    """The date that prompts get here: a run must not depend on the day."""

    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26)


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def rendered(tokenizer, messages, tools, template=None) -> str | None:
    """The prompt, or None where the template raises."""
    try:
        return tokenizer.apply_chat_template(
            messages,
            tools=tools or None,
            chat_template=template,
            add_generation_prompt=messages[-1]["role"] != "assistant",
            tokenize=False,
        )
    except Exception:
        return None


def ids(tokenizer, text: str) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def hashes(tokenizer, messages, tools, template=None) -> str:
    """Hash of the text and hash of its ids; "raises" where there is no text."""
    text = rendered(tokenizer, messages, tools, template)
    if text is None:
        return "raises"
    return f"{digest(text)} {digest(','.join(map(str, ids(tokenizer, text))))}"


def load(kind: str):
    """The tokenizer as its file says. Some classes of transformers rebuild theirs from the vocabulary alone, and lose the rest."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(OUT / kind)
    if kind == "qwen2":
        registered = AutoTokenizer.from_pretrained(OUT / kind, tokenizer_type="qwen2")
        for text in TEXTS:
            assert ids(registered, text) == ids(tokenizer, text), text
    return tokenizer


def write(name: str, value) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    (OUT / name).write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--templates", type=pathlib.Path)
    options = parser.parse_args()
    spec = importlib.util.find_spec("trl")
    families = options.templates or pathlib.Path(spec.origin).parent / "chat_templates"
    chat_templates.datetime = FixedClock
    if options.train:
        for kind in KINDS:
            train(kind, OUT / kind)
    loaded = {kind: load(kind) for kind in KINDS}
    versions = {"tokenizers": tokenizers.__version__, "transformers": transformers_version()}

    write(
        "texts.json",
        {"texts": TEXTS, **{kind: [ids(tokenizer, text) for text in TEXTS] for kind, tokenizer in loaded.items()}},
    )
    any_tokenizer = loaded["qwen2"]
    write(
        "templates.json",
        [{"template": template, "output": rendered(any_tokenizer, *CONVERSATIONS[0], template)} for template in TEMPLATES],
    )
    chat = {kind: tokenizer for kind, tokenizer in loaded.items() if (OUT / kind / "chat_template.jinja").exists()}
    write(
        "prompts.json",
        [
            {
                "messages": json.dumps(messages, ensure_ascii=False),
                "tools": json.dumps(tools, ensure_ascii=False),
                **{kind: prompt(tokenizer, messages, tools) for kind, tokenizer in chat.items()},
            }
            for messages, tools in CONVERSATIONS
        ],
    )
    if options.corpus:
        write("corpus.json", {"versions": versions, **corpus_answers(options.corpus, chat, families)})


def transformers_version() -> str:
    import transformers

    return transformers.__version__


def prompt(tokenizer, messages, tools):
    text = rendered(tokenizer, messages, tools)
    return None if text is None else {"text": text, "ids": ids(tokenizer, text)}


def corpus_answers(corpus: pathlib.Path, chat: dict, families: pathlib.Path) -> dict:
    chosen = selected(corpus)
    files = {entry["file"]: records(corpus / entry["file"]) for entry in chosen}
    cases = [conversation(corpus, entry["set"], files[entry["file"]][entry["record"]]) for entry in chosen]
    answers = {kind: [hashes(tokenizer, *case) for case in cases] for kind, tokenizer in chat.items()}
    family = {
        name: {"kind": kind, "answers": [hashes(chat[kind], *case, (families / f"{name}.jinja").read_text("utf-8")) for case in cases]}
        for kind, names in FAMILY_TEMPLATES.items()
        for name in names
    }
    return {"records": chosen, "kinds": answers, "families": family}


if __name__ == "__main__":
    main()
