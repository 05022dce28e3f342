"""Writes the golden answers of small random models of the Llama family, each in a form that its releases have.

Run by hand, never in CI:
  python scripts/golden/architectures.py [name …]       writes the folders
  python scripts/golden/architectures.py --exported D   D holds exports of them (node scripts/golden/export.ts D):
                                                        the library must load each, and give the same logits
The environment is pinned in requirements.txt; the outputs are committed, and answers.py says what they are.
"""

import argparse
import dataclasses
import json
import pathlib

import torch
from answers import OUT, Batch, load, randomize, write_answers
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

SIZES = {
    "vocab_size": 32,
    "hidden_size": 18,
    "intermediate_size": 28,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "num_key_value_heads": 1,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
    "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
    "bos_token_id": None,
    "eos_token_id": 1,
    "pad_token_id": 0,
}
COMPLETIONS = {"completion_lengths": [[5, 1, 4], [3, 6, 4]], "rewards": [[1.0, 0.0, 0.0], [1.01, 1.0, 0.0]]}
SHORT = Batch(prompt_lengths=[9, 2], **COMPLETIONS)
LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    model: type
    config: object
    seed: int
    batch: Batch = SHORT
    dtype: torch.dtype = torch.float32
    # Weights above this size are cut into shards with an index.
    shard: str = "1GB"
    # config.json with the keys of transformers 4.
    old_layout: bool = False


CASES = [
    # Llama 3.1 and later: pairs of a head that turn fast keep their frequency, slow ones are scaled, one lies between.
    # The second prompt goes beyond the original context.
    Case(
        "llama3",
        LlamaForCausalLM,
        LlamaConfig(**{**SIZES, "rope_parameters": {"rope_type": "llama3", "rope_theta": 100.0, **LLAMA3}}),
        seed=20271,
        batch=Batch(prompt_lengths=[9, 75], **COMPLETIONS),
        dtype=torch.bfloat16,
        shard="4KB",
        old_layout=True,
    ),
    Case("smollm2", LlamaForCausalLM, LlamaConfig(**{**SIZES, "tie_word_embeddings": True}), seed=20262),
    Case(
        "llama-biases",
        LlamaForCausalLM,
        LlamaConfig(
            **{
                **SIZES,
                "attention_bias": True,
                "mlp_bias": True,
                "rope_parameters": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0},
            }
        ),
        seed=20263,
        old_layout=True,
    ),
    Case(
        "mistral",
        MistralForCausalLM,
        MistralConfig(**{**SIZES, "num_attention_heads": 2, "head_dim": 8, "sliding_window": None}),
        seed=20274,
        dtype=torch.float16,
    ),
    Case(
        "qwen3",
        Qwen3ForCausalLM,
        Qwen3Config(**{**SIZES, "head_dim": 12, "rms_norm_eps": 1e-6, "tie_word_embeddings": True}),
        seed=20265,
    ),
    Case(
        "qwen3-biases",
        Qwen3ForCausalLM,
        Qwen3Config(**{**SIZES, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "attention_bias": True}),
        seed=20266,
        dtype=torch.bfloat16,
        old_layout=True,
    ),
]


def write_model(case: Case, folder: pathlib.Path) -> None:
    torch.manual_seed(case.seed)
    model = case.model(case.config)
    randomize(model, bias=0.5)
    model.to(case.dtype).save_pretrained(folder, max_shard_size=case.shard)
    (folder / "generation_config.json").unlink(missing_ok=True)
    config = json.loads((folder / "config.json").read_text())
    if case.old_layout:
        rope = config.pop("rope_parameters")
        config["rope_theta"] = rope.pop("rope_theta")
        config["rope_scaling"] = None if rope["rope_type"] == "default" else rope
        config["torch_dtype"] = config.pop("dtype")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def write_golden(case: Case) -> None:
    folder = OUT / case.name
    folder.mkdir(parents=True, exist_ok=True)
    write_model(case, folder)
    write_answers(folder, "architectures.py", case.batch, case.seed + 100)


def check_export(name: str, folder: pathlib.Path) -> None:
    """Loads an export with nothing said of its precision, as a user does, and holds its logits against the original's."""
    exported, loading = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="sdpa", output_loading_info=True)
    assert not any(loading.values()), f"{folder}: {loading}"
    config = json.loads((folder / "config.json").read_text())
    dtype = str(exported.dtype).removeprefix("torch.")
    said = config.get("dtype", config.get("torch_dtype"))
    assert dtype == said == ("bfloat16" if folder.name.endswith("bf16") else "float32"), f"{folder}: {dtype}, {said}"
    golden = load(OUT / name, exported.dtype)
    tokens = torch.randint(2, 32, (1, 100), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        difference = (golden(tokens).logits - exported(tokens).logits).abs().max().item()
    assert difference == 0, f"{folder}: logits differ by {difference}"
    print(f"{folder.name}: loaded in {dtype}, logits are the same")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*(case.name for case in CASES), []])
    parser.add_argument("--exported", type=pathlib.Path)
    arguments = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    for case in CASES:
        if arguments.names and case.name not in arguments.names:
            continue
        if arguments.exported is None:
            write_golden(case)
        else:
            for precision in ("f32", "bf16"):
                check_export(case.name, arguments.exported / f"{case.name}-{precision}")
