"""Writes what TRL's GRPOTrainer says of one batch: loss, gradient norm, clip ratios, KL and entropy. Our objective is held against it.

Run by hand, never in CI:  python scripts/golden/trl_loss.py
The environment is pinned in requirements.txt; the output is committed. It reads what qwen2.py wrote: the model and its batch of
prompts, completions, advantages and log-probabilities of the sampling and the reference policy.

The loss is TRL's own method on its own trainer; only the batch is put in place of what the trainer would have sampled. Numbers
are from float32 arithmetic.
"""

import json
import pathlib
import tempfile

import torch
from datasets import Dataset
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer
from trl.trainer.utils import pad

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = ROOT / "server/training/engine/onnx/testing/golden"
OUT = ROOT / "server/training/testing/golden/trl.json"
MODEL = "tied"
PADDING = 0
# Most tokens of a completion: the divisor of the constant aggregation. Longer than any of the batch.
MAX_LENGTH = 16

# The names are ours; TRL's loss types beside them. The entropy bonus is a mean over tokens in TRL whatever the loss type is, which
# is our objective with token-mean alone.
CASES = [
    {"aggregation": "token-mean", "trl": "dapo", "clipLow": 0.2, "clipHigh": 0.2, "beta": 0.0, "entropy": 0.0},
    {"aggregation": "token-mean", "trl": "bnpo", "clipLow": 0.1, "clipHigh": 0.4, "beta": 0.04, "entropy": 0.01},
    {"aggregation": "sequence-mean", "trl": "grpo", "clipLow": 0.2, "clipHigh": 0.26, "beta": 0.04, "entropy": 0.0},
    {"aggregation": "constant", "trl": "dr_grpo", "clipLow": 0.2, "clipHigh": 0.28, "beta": 0.001, "entropy": 0.0},
]


def tokenizer() -> PreTrainedTokenizerFast:
    """The trainer wants one. Nothing of the batch goes through it."""
    words = {f"t{index}": index for index in range(64)}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel(words, unk_token="t2")), eos_token="t1", pad_token="t0", unk_token="t2"
    )


def batch(golden: dict) -> dict[str, torch.Tensor]:
    """The golden groups as the trainer lays a batch out: prompts padded on the left, completions on the right."""
    rows = [(group["prompt"], completion) for group in golden["groups"] for completion in group["completions"]]

    def padded(lists: list, side: str, dtype: torch.dtype = torch.long, value: float = PADDING) -> torch.Tensor:
        return pad([torch.tensor(values, dtype=dtype) for values in lists], padding_value=value, padding_side=side)

    completions = [completion["tokens"] for _, completion in rows]
    return {
        "prompt_ids": padded([prompt for prompt, _ in rows], "left"),
        "prompt_mask": padded([[1] * len(prompt) for prompt, _ in rows], "left"),
        "completion_ids": padded(completions, "right"),
        "completion_mask": padded([[1] * len(tokens) for tokens in completions], "right"),
        "advantages": torch.tensor([completion["advantage"] for _, completion in rows], dtype=torch.float32),
        "old_per_token_logps": padded([completion["oldLogprobs"] for _, completion in rows], "right", torch.float32),
        "ref_per_token_logps": padded([completion["refLogprobs"] for _, completion in rows], "right", torch.float32),
        "num_items_in_batch": torch.tensor(sum(len(tokens) for tokens in completions)),
    }


def configuration(case: dict, temperature: float, folder: str) -> GRPOConfig:
    return GRPOConfig(
        output_dir=folder,
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        report_to=[],
        per_device_train_batch_size=9,
        num_generations=3,
        gradient_accumulation_steps=1,
        steps_per_generation=1,
        temperature=temperature,
        max_completion_length=MAX_LENGTH,
        loss_type=case["trl"],
        epsilon=case["clipLow"],
        epsilon_high=case["clipHigh"],
        beta=case["beta"],
        # The k3 estimate as DeepSeekMath has it, not weighted with the ratio as TRL does by default.
        use_bias_correction_kl=False,
        entropy_coef=case["entropy"],
    )


def measure(case: dict, golden: dict) -> dict:
    model = Qwen2ForCausalLM.from_pretrained(MODELS / MODEL, dtype=torch.float32, attn_implementation="sdpa")
    with tempfile.TemporaryDirectory() as folder:
        trainer = GRPOTrainer(
            model=model,
            reward_funcs=lambda completions, **_: [0.0] * len(completions),
            args=configuration(case, golden["temperature"], folder),
            train_dataset=Dataset.from_dict({"prompt": ["t3"] * 3}),
            processing_class=tokenizer(),
        )
        trainer.current_gradient_accumulation_steps = 1
        trainer.model.train()
        loss = trainer.compute_loss(trainer.model, batch(golden))
        loss.backward()
    norm = torch.nn.utils.get_total_norm([parameter.grad for parameter in model.parameters()])
    metrics = {name: values[-1] for name, values in trainer._metrics["train"].items()}
    measured = {
        "loss": loss.item(),
        "gradNorm": norm.item(),
        "clippedLow": metrics["clip_ratio/low_mean"],
        "clippedHigh": metrics["clip_ratio/high_mean"],
        "entropy": metrics["entropy"],
        "kl": metrics.get("kl"),
    }
    rounded = {name: value if value is None else float(f"{value:.8g}") for name, value in measured.items()}
    return {"objective": case, "measured": rounded}


def main() -> None:
    golden = json.loads((MODELS / MODEL / "golden.json").read_text())
    cases = [measure(case, golden) for case in CASES]
    for case in cases:
        measured = case["measured"]
        assert measured["clippedLow"] > 0 and measured["clippedHigh"] > 0, "no ratio clips: the case tests nothing"
    about = "Written by scripts/golden/trl_loss.py; conventions are stated there."
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"about": about, "model": MODEL, "maxLength": MAX_LENGTH, "cases": cases}, indent=2) + "\n")
    for case in cases:
        print(case)


if __name__ == "__main__":
    main()
