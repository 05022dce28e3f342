"""Small tokenizers with the settings of the families that the engine trains, and of two older kinds."""

import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

ROOT = pathlib.Path(__file__).resolve().parents[2]
MERGES = 2500
CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
PIECES = (
    CONTRACTIONS
    + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
PROSE = [
    "The policy writes a call, the reward judges it, and the advantage says how much it was worth.",
    "Der Zug nach Zürich fährt um 17:45 Uhr; buche bitte zwei Plätze für Jörg und Åsa.",
    "¿Qué tiempo hará mañana en Málaga? Él también querrá saberlo, ¡seguro!",
    "L'été à Orléans : réserver une table près de la fenêtre, s'il vous plaît.",
    "請幫我預訂明天下午三點的會議室，並通知所有與會者。今天的天氣怎麼樣？",
    "明日の午後に会議室を予約してください。東京の天気はどうですか？",
    "Какая завтра погода в Москве? Забронируй, пожалуйста, столик на двоих.",
    "ما هو الطقس غدا في القاهرة؟ احجز لي طاولة لشخصين ١٢٣",
    "मौसम कैसा है? कृपया कल के लिए एक टिकट बुक करें।",
    "내일 서울 날씨가 어때? 회의실을 예약해 줘.",
    "price = 19.99; total = price * 3; print(f'{total:.2f}')  # 59.97 €, ½ off, x² + y³",
    "def find(city: str, limit: int = 10) -> list[dict]:\n    return [row for row in rows if row['city'] == city][:limit]",
    'SELECT name, COUNT(*) FROM "orders" WHERE total >= 100.50 GROUP BY name ORDER BY 2 DESC;',
    "I'm sure they'll say it's theirs, I'd bet; WE'LL SEE WHAT THEY'VE GOT, DON'T WE?",
    "🍣🙂👩‍👩‍👧 emoji, ＦＵＬＬ width, ﬁ ligatures, and a – dash — or two…",
]


def training_texts() -> list[str]:
    quickstart = ROOT / "examples/quickstart"
    files = sorted(quickstart.glob("*.jsonl")) + sorted(quickstart.glob("tools/*.json"))
    return PROSE * 20 + [line for file in files for line in file.read_text("utf-8").split("\n")[:400]]


def byte_level(pattern: str | None, digits: bool = False, prefix: bool = False):
    if pattern:
        split = pre_tokenizers.Split(Regex(pattern), behavior="isolated", invert=False)
        return pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    gpt2 = pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=True)
    return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), gpt2]) if digits else gpt2


def special(*contents: str) -> list[AddedToken]:
    return [AddedToken(content, special=True, normalized=False) for content in contents]


def plain(*contents: str) -> list[AddedToken]:
    return [AddedToken(content, special=False, normalized=False) for content in contents]


KINDS = {
    "qwen2": {
        "normalizer": normalizers.NFC(),
        "pre_tokenizer": byte_level(PIECES % ""),
        "added": special("<|endoftext|>", "<|im_start|>", "<|im_end|>")
        + plain("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>"),
        "config": {"tokenizer_class": "Qwen2Tokenizer", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "bos_token": None, "unk_token": None, "add_bos_token": False, "add_prefix_space": False},
        "generation": {"eos_token_id": ["<|im_end|>", "<|endoftext|>"], "pad_token_id": "<|endoftext|>", "temperature": 0.7, "top_k": 20},
    },
    "llama3": {
        "normalizer": None,
        "pre_tokenizer": byte_level(PIECES % "{1,3}"),
        "ignore_merges": True,
        # Words that no merge leads to, as tiktoken's vocabularies have them.
        "whole": ["ĠZÃ¼rich", "Ġreservation", "ĠconversaciÃ³n"],
        "added": special(
            "<|begin_of_text|>", "<|end_of_text|>", "<|finetune_right_pad_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>", "<|python_tag|>"
        ),
        "bos": "<|begin_of_text|>",
        "config": {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>", "clean_up_tokenization_spaces": True},
        "generation": {"bos_token_id": "<|begin_of_text|>", "eos_token_id": ["<|end_of_text|>", "<|eom_id|>", "<|eot_id|>"], "temperature": 0.6, "top_p": 0.9},
    },
    "smollm2": {
        "normalizer": None,
        "pre_tokenizer": byte_level(None, digits=True),
        "first": special("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>", "<file_sep>"),
        "added": [],
        "config": {"tokenizer_class": "GPT2Tokenizer", "bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "pad_token": "<|im_end|>", "unk_token": "<|endoftext|>", "additional_special_tokens": ["<|im_start|>", "<|im_end|>"]},
        "generation": {"bos_token_id": "<|im_start|>", "eos_token_id": "<|im_end|>", "pad_token_id": "<|im_end|>"},
    },
    "prefixed": {
        "normalizer": None,
        "pre_tokenizer": byte_level(None, prefix=True),
        "added": [AddedToken("<mask>", special=True, lstrip=True, normalized=False), AddedToken("</s>", special=True, normalized=False)],
        "config": {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>", "add_prefix_space": True},
    },
    "bytefallback": {
        "normalizer": normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        "pre_tokenizer": None,
        "byte_fallback": True,
        "first": special("<unk>", "<s>", "</s>"),
        "added": [],
        "config": {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "add_bos_token": True},
    },
}


def train(kind: str, folder: pathlib.Path) -> None:
    """Learns the tokenizer of a kind and writes its model directory's files, the chat template excepted."""
    settings = KINDS[kind]
    first = [str(token) for token in settings.get("first", [])]
    fallback = settings.get("byte_fallback", False)
    learnt = Tokenizer(models.BPE(byte_fallback=fallback, unk_token="<unk>" if fallback else None, fuse_unk=fallback))
    if settings["normalizer"]:
        learnt.normalizer = settings["normalizer"]
    learnt.pre_tokenizer = settings["pre_tokenizer"] or pre_tokenizers.Metaspace(prepend_scheme="never", split=True)
    bytes_of = [f"<0x{byte:02X}>" for byte in range(256)] if fallback else []
    trainer = trainers.BpeTrainer(
        vocab_size=MERGES + 256 + len(first) + len(bytes_of),
        special_tokens=first + bytes_of,
        initial_alphabet=[] if fallback else pre_tokenizers.ByteLevel.alphabet(),
        limit_alphabet=120 if fallback else 256,
        show_progress=False,
    )
    learnt.train_from_iterator(training_texts(), trainer)
    model = json.loads(learnt.to_str())["model"]
    for word in settings.get("whole", []):
        model["vocab"].setdefault(word, len(model["vocab"]))
    vocabulary = model["vocab"]
    tokenizer = Tokenizer(
        models.BPE(
            vocab=vocabulary,
            merges=[tuple(merge) for merge in model["merges"]],
            byte_fallback=fallback,
            fuse_unk=fallback,
            unk_token="<unk>" if fallback else None,
            ignore_merges=settings.get("ignore_merges", False),
        )
    )
    if settings["normalizer"]:
        tokenizer.normalizer = settings["normalizer"]
    if settings["pre_tokenizer"]:
        tokenizer.pre_tokenizer = settings["pre_tokenizer"]
    if fallback:
        parts = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        tokenizer.decoder = decoders.Sequence(parts)
    else:
        tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_tokens(settings.get("first", []) + settings["added"])
    if bos := settings.get("bos"):
        template = processors.TemplateProcessing(single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, tokenizer.token_to_id(bos))])
        tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    elif not fallback:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    save(tokenizer, settings, folder)


def save(tokenizer: Tokenizer, settings: dict, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    definition = json.loads(tokenizer.to_str())
    (folder / "tokenizer.json").write_text(json.dumps(definition, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    added = {
        str(token["id"]): {key: value for key, value in token.items() if key != "id"} for token in definition["added_tokens"]
    }
    config = {**settings["config"], "added_tokens_decoder": added, "model_max_length": 8192}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if generation := settings.get("generation"):
        (folder / "generation_config.json").write_text(json.dumps(with_ids(generation, tokenizer), indent=2) + "\n", "utf-8")


def with_ids(generation: dict, tokenizer: Tokenizer) -> dict:
    def id_of(value):
        if isinstance(value, list):
            return [id_of(item) for item in value]
        return tokenizer.token_to_id(value) if isinstance(value, str) else value

    return {key: id_of(value) for key, value in generation.items()}
