"""Writes the golden answers of small random models with a random adapter, and the adapters as PEFT saves them.

Run by hand, never in CI:
  python scripts/golden/lora.py               writes the folders: a model, and in adapter/ what PEFT makes of the adapter
  python scripts/golden/lora.py --exported D  D holds adapters that our engine has trained on these models, each alone and
                                              merged (node scripts/golden/exportAdapters.ts D): PEFT must load the first,
                                              transformers the second, and both give the engine's own log-probabilities
The environment is pinned in requirements.txt; the outputs are committed, and answers.py says what they are.
"""

import argparse
import dataclasses
import json
import pathlib

import torch
from answers import OUT, TEMPERATURE, Batch, completion_logits, in_float64, load, randomize, scores, write_answers
from architectures import COMPLETIONS, LLAMA3, SIZES
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

BATCH = Batch(prompt_lengths=[9, 2], **COMPLETIONS)


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    model: type
    config: object
    adapter: LoraConfig
    seed: int
    # PEFT saves an adapter in the precision that it was trained in.
    dtype: torch.dtype = torch.float32


CASES = [
    Case(
        "lora",
        Qwen2ForCausalLM,
        Qwen2Config(**{**SIZES, "tie_word_embeddings": True}),
        LoraConfig(r=3, lora_alpha=4, target_modules="all-linear", task_type="CAUSAL_LM"),
        seed=20301,
    ),
    Case(
        "rslora",
        LlamaForCausalLM,
        LlamaConfig(**{**SIZES, "rope_parameters": {"rope_type": "llama3", "rope_theta": 100.0, **LLAMA3}}),
        LoraConfig(r=4, lora_alpha=5, use_rslora=True, lora_dropout=0.1, target_modules=["v_proj", "q_proj"], task_type="CAUSAL_LM"),
        seed=20302,
        dtype=torch.bfloat16,
    ),
]


def write_case(case: Case) -> None:
    folder = OUT / case.name
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(case.seed)
    model = case.model(case.config)
    randomize(model, bias=0.5)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    adapted = get_peft_model(load(folder), case.adapter)
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_" in name:
                parameter.copy_(0.3 * torch.randn_like(parameter))
    adapted.to(case.dtype).save_pretrained(folder / "adapter")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    forget_paths(folder / "adapter" / "adapter_config.json")
    write_answers(folder, "lora.py", BATCH, case.seed + 100, trainable(folder, folder / "adapter"))


def forget_paths(file: pathlib.Path) -> None:
    """The base's place on the machine that wrote it is nobody else's; the rest stays as PEFT writes it."""
    config = json.loads(file.read_text())
    config["base_model_name_or_path"] = ""
    config["target_modules"] = sorted(config["target_modules"])
    file.write_text(json.dumps(config, indent=2) + "\n")


def trainable(base: pathlib.Path, adapter: pathlib.Path) -> PeftModel:
    """The adapter as PEFT reads it from disk; without dropout, as evaluation has it."""
    return PeftModel.from_pretrained(load(base), adapter, is_trainable=True).eval()


def check_exported(case: Case, folder: pathlib.Path) -> None:
    """The engine's log-probabilities of the golden groups, after it has trained, against those of what it has exported."""
    groups = json.loads((OUT / case.name / "golden.json").read_text())["groups"]
    found = json.loads((folder / "logprobs.json").read_text())
    models = {
        "PEFT": PeftModel.from_pretrained(load(OUT / case.name), folder / "adapter").eval(),
        "merged": load(folder / "model"),
    }
    for kind, stock in models.items():
        model = in_float64(stock, 62)
        worst = 0.0
        for group, of_group in zip(groups, found, strict=True):
            for completion, logprobs in zip(group["completions"], of_group, strict=True):
                tokens = completion["tokens"]
                with torch.no_grad():
                    expected, _ = scores(completion_logits(model, group["prompt"], tokens), tokens, TEMPERATURE)
                worst = max(worst, float((expected - torch.tensor(logprobs, dtype=torch.float64)).abs().max()))
        assert worst < 1e-5, f"{case.name}, {kind}: log-probabilities differ by {worst}"
        print(f"{case.name}, {kind}: log-probabilities differ by {worst:.1e} at most")
    adapter = models["PEFT"]
    changed = max(float(p.abs().max()) for n, p in adapter.named_parameters() if "lora_B" in n)
    assert changed > 1e-3, "the adapter has not been trained: the case tests nothing"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exported", type=pathlib.Path)
    arguments = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    for case in CASES:
        if arguments.exported is None:
            write_case(case)
        else:
            check_exported(case, arguments.exported / case.name)
