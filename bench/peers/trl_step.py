"""Whole GRPO steps with TRL's GRPOTrainer: generate, reward, update. The run's peer; bench/engine/step.ts says what is the same in both.

Run by hand:  python bench/peers/trl_step.py '{"model": "some/model", "prompts": ["…"], "completions": 5, "newTokens": 64,
  "steps": 8, "warmup": 2, "temperature": 1, "clip": 0.2, "threads": 2, "optimizer": {"learningRate": 1e-6, "beta1": 0.9,
  "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0, "maxGradNorm": 1}}'

Prints one JSON object; a run is the time from the end of one optimizer step to the end of the next.
"""

import itertools
import tempfile
import time

import torch
from common import arguments, finished, report
from datasets import Dataset
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

REQUIRED = ("model", "prompts", "completions", "newTokens", "steps", "warmup", "temperature", "clip", "optimizer")


calls = itertools.count(1)


def counting(completions: list[str], **_) -> list[float]:
    """A hundredth for each letter e, and a thousandth for each call so far: ours is the same."""
    return [text.count("e") / 100 + next(calls) / 1000 for text in completions]


class Clock(TrainerCallback):
    def __init__(self, device: str):
        self.device = device
        self.ends: list[float] = []
        self.lengths: set[float] = set()

    def on_step_end(self, args, state, control, **kwargs):
        finished(self.device)
        self.ends.append(time.perf_counter())

    def on_log(self, args, state, control, logs=None, **kwargs):
        for name in ("completions/min_length", "completions/max_length"):
            if logs and name in logs:
                self.lengths.add(logs[name])


def configuration(s: dict, folder: str) -> GRPOConfig:
    batch = len(s["prompts"]) * s["completions"]
    adamw = s["optimizer"]
    return GRPOConfig(
        output_dir=folder,
        use_cpu=s["device"] == "cpu",
        max_steps=s["steps"] + s["warmup"],
        # One sampling batch, one pass over all of it, one optimizer step.
        per_device_train_batch_size=batch,
        gradient_accumulation_steps=1,
        steps_per_generation=1,
        num_iterations=1,
        num_generations=s["completions"],
        shuffle_dataset=False,
        # The loss: token-mean over the batch, symmetric clip, no reference model.
        loss_type="dapo",
        epsilon=s["clip"],
        beta=0.0,
        scale_rewards="group",
        # Sampling with transformers, every completion of the full length.
        use_vllm=False,
        max_completion_length=s["newTokens"],
        generation_kwargs={"min_new_tokens": s["newTokens"]},
        temperature=s["temperature"],
        top_p=1.0,
        top_k=0,
        # AdamW as fast as PyTorch has it, without a schedule.
        optim="adamw_torch_fused",
        learning_rate=adamw["learningRate"],
        adam_beta1=adamw["beta1"],
        adam_beta2=adamw["beta2"],
        adam_epsilon=adamw["epsilon"],
        weight_decay=adamw["weightDecay"],
        max_grad_norm=adamw["maxGradNorm"],
        lr_scheduler_type="constant",
        warmup_steps=0,
        # float32 throughout, nothing written.
        bf16=False,
        fp16=False,
        gradient_checkpointing=s["checkpointing"],
        save_strategy="no",
        logging_steps=1,
        report_to=[],
        disable_tqdm=True,
        dataloader_num_workers=0,
        seed=1,
    )


def adapter(s: dict | None):
    """LoRA as bench/engine/lora.ts asks for it; None where every weight is trained."""
    if s is None:
        return None
    from peft import LoraConfig

    targets = [f"{name}_proj" for name in s["targets"]]
    return LoraConfig(r=s["rank"], lora_alpha=2 * s["rank"], target_modules=targets, lora_dropout=0.0)


def main() -> None:
    s = arguments({"adapter": None, "checkpointing": False}, required=REQUIRED)
    model = AutoModelForCausalLM.from_pretrained(s["model"], dtype=torch.float32, attn_implementation="sdpa")
    # AutoTokenizer takes the class of the architecture, which splits texts in its own way and not as tokenizer.json says.
    tokenizer = PreTrainedTokenizerFast.from_pretrained(s["model"])
    clock = Clock(s["device"])
    with tempfile.TemporaryDirectory() as folder:
        trainer = GRPOTrainer(
            model=model,
            reward_funcs=counting,
            args=configuration(s, folder),
            train_dataset=Dataset.from_dict({"prompt": s["prompts"]}),
            processing_class=tokenizer,
            callbacks=[clock],
            peft_config=adapter(s["adapter"]),
        )
        trainer.train()
        assert model.is_activation_checkpointing == s["checkpointing"], "activations were kept where ours are not, or not kept"
    times = [(end - start) * 1000 for start, end in zip(clock.ends, clock.ends[1:])][s["warmup"] - 1 :]
    assert len(clock.lengths) == 1, f"completions of several lengths: {clock.lengths}"
    report(
        {name: value for name, value in s.items() if name != "prompts"},
        times,
        promptTokens=[len(tokenizer(text)["input_ids"]) for text in s["prompts"]],
        completionTokens=int(clock.lengths.pop()),
    )


if __name__ == "__main__":
    main()
