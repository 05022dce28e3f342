"""Writes the golden answers of two small random Qwen2 models, one for each layout that its config.json has had.

Run by hand, never in CI:  python scripts/golden/qwen2.py
The environment is pinned in requirements.txt; the outputs are committed, and answers.py says what they are.
"""

import json
import pathlib

import torch
from answers import OUT, Batch, randomize, write_answers
from transformers import Qwen2Config, Qwen2ForCausalLM

BATCH = Batch(
    prompt_lengths=[9, 2, 14],
    completion_lengths=[[5, 1, 8], [3, 6, 4], [2, 7, 11]],
    # The last group's rewards are equal: its advantages are 0 and only the KL and entropy terms act on it.
    rewards=[[1.0, 0.0, 0.0], [1.01, 1.0, 0.0], [1.0, 1.0, 1.0]],
)


def build(tied: bool, seed: int) -> Qwen2ForCausalLM:
    torch.manual_seed(seed)
    config = Qwen2Config(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=128,
        rms_norm_eps=1e-6,
        tie_word_embeddings=tied,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0 if tied else 1000000.0},
        bos_token_id=None,
        eos_token_id=1,
        pad_token_id=0,
        dtype="float32",
    )
    model = Qwen2ForCausalLM(config)
    randomize(model, bias=0 if tied else 0.5)
    return model


def write_model(model: Qwen2ForCausalLM, folder: pathlib.Path, tied: bool) -> None:
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    config = json.loads((folder / "config.json").read_text())
    if not tied:
        # The layout of every Qwen2/2.5 release so far (transformers 4): the tied model keeps that of transformers 5.
        config["rope_theta"] = config.pop("rope_parameters")["rope_theta"]
        config["torch_dtype"] = config.pop("dtype")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def write_golden(name: str, tied: bool, seed: int) -> None:
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    write_model(build(tied, seed), folder, tied)
    write_answers(folder, "qwen2.py", BATCH, seed + 1)


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    write_golden("tied", tied=True, seed=20251)
    write_golden("untied", tied=False, seed=20252)
